import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUCKETS,
  OPERATOR,
  OPERATOR_GRANT,
  recorderGrant,
  recorderUser,
  segmentSubject,
  serviceGrant,
  SERVICES,
  storeGrant,
  type NatsGrant,
  type StoreAction,
} from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import { NatsWire } from './nats-wire';
import { secondsAfter, withWorld } from './world';

// Every user of NATS tries what the others may, and every key of the store every bucket, on a mesh that works under these rules.

const START = '2026-11-01T05:20:00.000Z';
const MINE = 'door-1';
const NOT_MINE = 'door-2';
const RECORDER = recorderUser(MINE);

const world = withWorld();

const GRANTS: ReadonlyMap<string, NatsGrant> = new Map([
  ...SERVICES.map((service) => [service, serviceGrant(service)] as const),
  [RECORDER, recorderGrant(MINE)],
  [recorderUser(NOT_MINE), recorderGrant(NOT_MINE)],
]);

beforeAll(async () => {
  const { doors } = world().mesh;
  await Promise.all([doors.recorder(MINE), doors.recorder(NOT_MINE)]);
}, 60_000);

const settingsOf = (user: string): NodeJS.ProcessEnv => world().mesh.doors.settingsOf(user);

async function wireOf(user: string): Promise<NatsWire> {
  const { CLIPMESH_NATS_PASSWORD: pass } = settingsOf(user);
  return NatsWire.open(world().mesh.nats.url, { user, pass });
}

function storeOf(user: string): ObjectStore {
  const settings = settingsOf(user);
  return ObjectStore.open({
    endpoint: settings['CLIPMESH_S3_ENDPOINT'] ?? '',
    accessKey: settings['CLIPMESH_S3_ACCESS_KEY'] ?? '',
    secretKey: settings['CLIPMESH_S3_SECRET_KEY'] ?? '',
    region: settings['CLIPMESH_S3_REGION'] ?? '',
  });
}

it('the whole mesh works, each service as itself, and nothing that it does is refused', async () => {
  const { record, export: exportClip, cleaned, mesh, folder } = world();
  const { start } = await record(MINE, START, { seconds: 20, gopSeconds: 1 });
  const clip = { sourceVideo: MINE, ranges: [[secondsAfter(start, 3.2), secondsAfter(start, 9.4)]] as const };
  const copied = await exportClip({ ...clip, name: 'copied' });
  const encoded = await exportClip({ ...clip, name: 'encoded', preset: 'SingleLayer_540p_H264_AAC' });
  expect([copied.properties.state, encoded.properties.state]).toEqual(['Completed', 'Completed']);
  await Promise.all([cleaned(copied), cleaned(encoded)]);
  const clipUrl = `${mesh.url}/videos/${MINE}/clip.mp4`;
  const query = `startTime=${secondsAfter(start, 1)}&endTime=${secondsAfter(start, 4)}`;
  expect((await fetch(`${clipUrl}?${query}`)).status).toBe(200);
  for (const text of textsUnder(join(folder, 'mesh', 'logs'))) {
    expect(text).not.toMatch(/BusDenied|StoreDenied|denies/);
  }
}, 180_000);

describe.each([...GRANTS.keys()])('%s', (user) => {
  it('may publish nothing that is only for others', async () => {
    const wire = await wireOf(user);
    const tried = concrete(othersOf(user, 'publish')).filter(
      (subject) => !isAllowed(user, 'publish', subject),
    );
    const letIn: string[] = [];
    for (const subject of tried) {
      if (!(await wire.publish(subject))?.includes('Permissions Violation for Publish')) {
        letIn.push(subject);
      }
    }
    wire.close();
    expect(tried.length).toBeGreaterThan(20);
    expect(letIn).toEqual([]);
  });

  it('may hear nothing that is only for others, in their queues or beside them', async () => {
    const wire = await wireOf(user);
    const own = new Set(GRANTS.get(user)?.subscribe);
    const tried = othersOf(user, 'subscribe').filter((entry) => !own.has(entry));
    const heard: string[] = [];
    for (const entry of [...tried, '>', '_INBOX.>', '$SYS.>']) {
      const [subject = '', queue] = entry.split(' ');
      const alone = await wire.subscribe(subject);
      const inQueue = await wire.subscribe(subject, queue ?? 'some');
      if (![alone, inQueue].every((refusal) => refusal?.includes('Permissions Violation for Subscription'))) {
        heard.push(entry);
      }
    }
    wire.close();
    expect(tried.length).toBeGreaterThan(5);
    expect(heard).toEqual([]);
  });
});

/** All that the other users may, each once. */
function othersOf(user: string, what: 'publish' | 'subscribe'): string[] {
  return [...new Set([...GRANTS].flatMap(([other, grant]) => (other === user ? [] : grant[what])))];
}

/** A subject that a pattern matches. */
const concrete = (patterns: readonly string[]): string[] =>
  patterns.map((pattern) => pattern.replace(/\*/g, 'one').replace(/>$/, 'one.two'));

/** The rule of NATS for `*` and `>`, told in its own way here: as a regular expression. */
function isAllowed(user: string, what: 'publish' | 'subscribe', subject: string): boolean {
  return (GRANTS.get(user) ?? OPERATOR_GRANT)[what].some((pattern) => {
    const quoted = pattern.replace(/[.$]/g, '\\$&').replace(/\*/g, '[^.]+').replace(/>$/, '.+');
    return new RegExp(`^${quoted}$`).test(subject);
  });
}

it('nobody comes in without a name, or with a wrong password', async () => {
  const { url } = world().mesh.nats;
  await expect(NatsWire.open(url, {})).rejects.toThrow('Authorization Violation');
  for (const user of [OPERATOR, ...SERVICES]) {
    await expect(NatsWire.open(url, { user, pass: 'guessed' })).rejects.toThrow('Authorization Violation');
  }
});

const ACTIONS: readonly StoreAction[] = ['read', 'write', 'list', 'remove'];
const CELLS = [OPERATOR, ...SERVICES].flatMap((user) =>
  Object.keys(BUCKETS).flatMap((bucket) =>
    ACTIONS.map((action) => ({ user, bucket: bucket as keyof typeof BUCKETS, action })),
  ),
);

it.each(CELLS)('the key of $user may $action in $bucket only as far as it needs to', async (cell) => {
  const { user, bucket, action } = cell;
  const mine = storeOf(user);
  const ref = { bucket: BUCKETS[bucket], key: `doors/${user}/${action}` };
  await world().store.put(ref, Buffer.from('probe'));
  const tried = attempt(mine, ref, action);
  if (storeGrant(user)[bucket]?.includes(action) === true) {
    await expect(tried).resolves.not.toThrow();
  } else {
    await expect(tried).rejects.toMatchObject({ code: 'StoreDenied' });
  }
  mine.close();
});

async function attempt(
  store: ObjectStore,
  ref: { bucket: string; key: string },
  action: StoreAction,
): Promise<void> {
  switch (action) {
    case 'read':
      await store.readAll(ref);
      return;
    case 'write':
      await store.put({ ...ref, key: `${ref.key}-new` }, Buffer.from('mine'));
      return;
    case 'remove':
      await store.remove(ref);
      return;
    case 'list':
      await store.list(ref.bucket, 'doors/')[Symbol.asyncIterator]().next();
  }
}

it('a recorder announces its own video and no other', async () => {
  const wire = await wireOf(RECORDER);
  expect(await wire.publish(segmentSubject(MINE))).toBeUndefined();
  expect(await wire.publish(segmentSubject(NOT_MINE))).toContain('Permissions Violation');
  expect(await wire.publish(segmentSubject('*'))).toContain('Permissions Violation');
  wire.close();
});

it.each(Object.values(BUCKETS))('a recorder writes in %s only under its own video', async (bucket) => {
  const mine = storeOf(RECORDER);
  const isArchive = bucket === BUCKETS.archive;
  const denied = { code: 'StoreDenied' };
  const own = mine.put({ bucket, key: `${MINE}/a.mp4` }, Buffer.from('a'));
  await (isArchive ? expect(own).resolves.toBeDefined() : expect(own).rejects.toMatchObject(denied));
  for (const key of [`${NOT_MINE}/a.mp4`, `${MINE}-2/a.mp4`, 'a.mp4']) {
    await expect(mine.put({ bucket, key }, Buffer.from('a'))).rejects.toMatchObject(denied);
  }
  await expect(attempt(mine, { bucket, key: '' }, 'list')).rejects.toMatchObject(denied);
  await expect(mine.remove({ bucket, key: `${MINE}/a.mp4` })).rejects.toMatchObject(denied);
  mine.close();
});

it('no secret is in a log, on a command line or in a job', async () => {
  const { mesh, folder, client } = world();
  const users = [OPERATOR, ...SERVICES, RECORDER, recorderUser(NOT_MINE)];
  const secrets = [
    mesh.minio.secretKey,
    ...users.map((user) => settingsOf(user)['CLIPMESH_S3_SECRET_KEY'] ?? ''),
  ];
  const jobs = await client.bus.request('clipmesh.v1.jobs.list', {});
  const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.log'),
  );
  const shown = {
    logs: logs.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n'),
    commands: commandLines(),
    jobs: JSON.stringify(jobs),
  };
  expect(shown.commands).toContain('apps/encoder-worker/src/main.js');
  expect(shown.logs).toContain('"msg":"ready"');
  expect(shown.jobs).toContain('"encoded"');
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(30);
    expect(Object.values(shown).filter((text) => text.includes(secret))).toEqual([]);
  }
});

function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0/g, ' ');
      } catch {
        return ''; // it has ended meanwhile
      }
    })
    .join('\n');
}

function textsUnder(folder: string): string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}
