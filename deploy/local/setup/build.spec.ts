import { FakeMachine } from './fake-machine';

// Stands for swc: `-d` names the folder to write to.
const SWC = `
const { appendFileSync, existsSync, writeFileSync } = require('node:fs');
const folder = process.argv[process.argv.indexOf('-d') + 1];
appendFileSync(process.env.MACHINE + '/swc.log', 'build\\n');
writeFileSync(folder + '/main.js', 'version ' + process.env.VERSION);
process.exit(existsSync(process.env.MACHINE + '/swc-fails') ? 1 : 0);`;

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
  machine.file('clone/node_modules/@swc/cli/bin/swc.js', SWC);
  machine.file('clone/.swcrc', '{}');
  machine.file('clone/package-lock.json', '{}');
  machine.file('clone/apps/a/src/main.ts', 'one');
});

afterEach(() => {
  machine.remove();
});

const build = (version: string) => machine.start('build.mjs', 'it.build()', { VERSION: version }).ending;

describe('build', () => {
  it('compiles once while no source changes', async () => {
    await build('1');
    await build('2');
    expect(machine.read('swc.log')).toBe('build\n');
  });

  it.each([
    ['a source changes', 'clone/apps/a/src/main.ts'],
    ['a source is added', 'clone/libs/b/src/index.ts'],
    ['the compiler settings change', 'clone/.swcrc'],
  ])('compiles again when %s', async (_case, path) => {
    await build('1');
    machine.file(path, 'longer than it was');
    await build('2');
    expect(machine.read('clone/dist/main.js')).toBe('version 2');
  });

  it('keeps the former build, and nothing else, when compiling fails', async () => {
    await build('1');
    machine.file('clone/apps/a/src/main.ts', 'a mistake');
    machine.file('swc-fails', '');
    const { stderr } = await build('2');
    expect(stderr).toContain('the build failed with code 1');
    expect(machine.read('clone/dist/main.js')).toBe('version 1');
    expect(machine.list('clone').filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  it('compiles once when two set-ups run at once', async () => {
    await Promise.all([build('1'), build('1')]);
    expect(machine.read('swc.log')).toBe('build\n');
  });
});
