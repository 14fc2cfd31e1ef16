import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportError } from '@clipmesh/errors';
import { IsBoolean, IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';
import { MeshSettings } from './mesh-settings';
import { readSettings, unknownVariables } from './read-settings';
import { Secret } from './secret';
import { variableOf } from './variable-of';

class Base {
  @IsInt()
  @Min(1)
  @Max(10)
  slots = 2;

  @IsOptional()
  @IsInt()
  limit?: number;
}

class Settings extends Base {
  @IsBoolean()
  isFast = false;

  @IsString({ each: true })
  names: string[] = [];

  @IsUrl({ require_tld: false })
  storeUrl!: string;

  @Secret()
  @IsInt()
  pin = 1234;
}

const NEEDED = { CLIPMESH_STORE_URL: 'http://store:9000' };
const read = (env: Record<string, string>) => readSettings(Settings, { ...NEEDED, ...env });

function refusalOf(env: Record<string, string>): ExportError {
  try {
    readSettings(Settings, env);
  } catch (error) {
    if (error instanceof ExportError) {
      return error;
    }
  }
  throw new Error('nothing was refused');
}

it.each([
  ['ackWaitMs', 'CLIPMESH_ACK_WAIT_MS'],
  ['natsUrl', 'CLIPMESH_NATS_URL'],
  ['s3PublicEndpoint', 'CLIPMESH_S3_PUBLIC_ENDPOINT'],
])('%s is set by %s', (property, variable) => {
  expect(variableOf(property)).toBe(variable);
});

it('what is not set has its default', () => {
  expect(read({})).toMatchObject({ slots: 2, isFast: false, names: [], storeUrl: 'http://store:9000' });
});

it('an empty variable is not set', () => {
  expect(read({ CLIPMESH_SLOTS: '' }).slots).toBe(2);
});

it('values have the type of their property, inherited ones too', () => {
  const given = {
    CLIPMESH_SLOTS: '7',
    CLIPMESH_LIMIT: '9',
    CLIPMESH_IS_FAST: 'true',
    CLIPMESH_NAMES: 'a, b',
  };
  expect(read(given)).toMatchObject({ slots: 7, limit: 9, isFast: true, names: ['a', 'b'] });
});

it('everything that is wrong is told at once, by variable and value', () => {
  const { code, problems, message } = refusalOf({ CLIPMESH_SLOTS: 'many', CLIPMESH_IS_FAST: 'perhaps' });
  expect(code).toBe('SettingsInvalid');
  expect(new Set(problems.map(({ target }) => target))).toEqual(
    new Set(['CLIPMESH_SLOTS', 'CLIPMESH_IS_FAST', 'CLIPMESH_STORE_URL']),
  );
  expect(message).toContain('CLIPMESH_SLOTS=many: must be an integer number');
  expect(message).toContain('CLIPMESH_STORE_URL is not set');
});

it('a secret is not shown, not even when it is wrong', () => {
  const { message } = refusalOf({ ...NEEDED, CLIPMESH_PIN: 'hunter2' });
  expect(message).toContain('CLIPMESH_PIN=<secret>');
  expect(message).not.toContain('hunter2');
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clipmesh-'));
  const path = join(folder, 'pin');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read without the line feed at its end, and wins over the variable', () => {
    writeFileSync(path, '4321\n');
    expect(read({ CLIPMESH_PIN_FILE: path, CLIPMESH_PIN: '1' }).pin).toBe(4321);
    expect(unknownVariables(Settings, { CLIPMESH_PIN_FILE: path })).toEqual([]);
  });

  it('is not shown when it is wrong', () => {
    writeFileSync(path, 'hunter2');
    expect(refusalOf({ ...NEEDED, CLIPMESH_PIN_FILE: path }).message).not.toContain('hunter2');
  });

  it('that is not there is told by variable and path', () => {
    const { code, message } = refusalOf({ ...NEEDED, CLIPMESH_PIN_FILE: `${path}.none` });
    expect(code).toBe('SettingsInvalid');
    expect(message).toContain(`CLIPMESH_PIN_FILE=${path}.none`);
  });
});

it('variables of ours that nobody here knows are told, others are not ours', () => {
  expect(unknownVariables(Settings, { CLIPMESH_SLOTS: '1', CLIPMESH_SLOST: '1', HOME: '/' })).toEqual([
    'CLIPMESH_SLOST',
  ]);
});

it('a service starts with nothing but the key of the store', () => {
  const env = { CLIPMESH_S3_ACCESS_KEY: 'key', CLIPMESH_S3_SECRET_KEY: 'secret' };
  expect(readSettings(MeshSettings, env)).toMatchObject({ ackWaitMs: 30_000, leaseMs: 30_000 });
});

it.each([
  ['CLIPMESH_NATS_URL', 'localhost:4222'],
  ['CLIPMESH_S3_ENDPOINT', '127.0.0.1:9000'],
  ['CLIPMESH_ACK_WAIT_MS', '0'],
  ['CLIPMESH_LOG_LEVEL', 'loud'],
])('%s=%s is refused', (variable, value) => {
  const env = { CLIPMESH_S3_ACCESS_KEY: 'key', CLIPMESH_S3_SECRET_KEY: 'secret', [variable]: value };
  expect(() => readSettings(MeshSettings, env)).toThrow(variable);
});
