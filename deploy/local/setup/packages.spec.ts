import { FakeMachine } from './fake-machine';

const LOCK = {
  packages: {
    '': { name: 'clipmesh' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/for-another-system': { version: '2.0.0', optional: true },
  },
};

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
  machine.program('npm', 'echo "$@" >> "$MACHINE/npm.log"');
  machine.file('npm.log', '');
  machine.file('clone/package-lock.json', JSON.stringify(LOCK));
});

afterEach(() => {
  machine.remove();
});

async function commandsAfterInstalled(
  packages: Record<string, { version: string }> | undefined,
): Promise<string> {
  if (packages !== undefined) {
    machine.file('clone/node_modules/.package-lock.json', JSON.stringify({ packages }));
  }
  const { stderr } = await machine.start('packages.mjs', 'it.installPackages()').ending;
  expect(stderr).not.toContain('Error');
  return machine.read('npm.log');
}

describe('installPackages', () => {
  it.each([
    ['nothing is installed', undefined],
    ['a version differs', { 'node_modules/a': { version: '1.0.1' } }],
    ['a package is missing', {}],
    [
      'a package is too many',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
    ],
  ])('runs npm ci when %s', async (_case, installed) => {
    expect(await commandsAfterInstalled(installed)).toBe('ci --no-progress --loglevel=error\n');
  });

  it('runs nothing when all but the packages of other systems is installed', async () => {
    expect(await commandsAfterInstalled({ 'node_modules/a': { version: '1.0.0' } })).toBe('');
  });

  it('shows what npm said when it fails', async () => {
    machine.program('npm', 'echo "E404 no such package" >&2; exit 1');
    const { stderr } = await machine.start('packages.mjs', 'it.installPackages()').ending;
    expect(stderr).toContain('npm ci failed with code 1:\nE404 no such package');
  });
});
