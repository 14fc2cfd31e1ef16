import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bytesOfRun } from './fuzz';
import { makeTargets } from './planted-targets';

/** The program as a process, that watches another: no server, but too slow for a unit test. */
const LOADER = join(__dirname, '../../libs/service-kit/src/testing/compile-on-load.cjs');
const MAIN = join(__dirname, 'main.ts');
const PLANTED = join(__dirname, 'planted-targets.ts');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function fuzz(...args: readonly string[]): Promise<Ended> {
  const command = ['--require', LOADER, MAIN, ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, (_, output, stderr) => {
      resolve({ code: child.exitCode, output: output + stderr });
    });
  });
}

describe('npm run fuzz', () => {
  it.each([
    ['hang', /no end within 1000 ms/],
    ['range', /RangeError/],
    ['buffers', /asked for 8000000 bytes of buffers, at most 1000000 are allowed/],
    ['heap', /FATAL ERROR: .*heap/],
    ['exit', /the process ended with code 0/],
  ])(
    'finds a planted %s, keeps its bytes, and finds it again by the command that it prints',
    async (name, problem) => {
      // Only what is to be found as a hang is hurried: memory may be slow to fill.
      const hang = ['--hang', name === 'hang' ? '1' : '50'];
      const found = await fuzz('--targets', PLANTED, '--target', name, '--seed', '5', ...hang);
      expect(found).toMatchObject({ code: 1, output: expect.stringMatching(problem) as string });

      const [, run = ''] = /seed 5, run (\d+):/.exec(found.output) ?? [];
      const [, path = ''] = /^bytes: (.+)$/m.exec(found.output) ?? [];
      const target = makeTargets().find((planted) => planted.name === name)!;
      expect(readFileSync(path)).toEqual(bytesOfRun(target, 5, Number(run)).bytes);
      expect([...readFileSync(path)]).toEqual([40]);

      const [, again = ''] = /^again: npm run fuzz -- (.+)$/m.exec(found.output) ?? [];
      const args = again.split(' ').map((arg) => arg.replaceAll("'", ''));
      const foundAgain = await fuzz(...args, ...hang);
      expect(foundAgain.output).toMatch(problem);
      expect(foundAgain.output).toContain(`seed 5, run ${run}:`);
      const [, samePath = ''] = /^bytes: (.+)$/m.exec(foundAgain.output) ?? [];
      await Promise.all([path, samePath].map((kept) => rm(dirname(kept), { recursive: true })));
    },
    60_000,
  );

  it('says how far the runs of each target have come, when nothing is found', async () => {
    const { code, output } = await fuzz('--targets', PLANTED, '--target', 'nothing', '--seconds', '1');
    expect(code).toBe(0);
    expect(output).toMatch(/^nothing +[1-9]\d* runs: [1-9]\d* value, 0 refusal, 0 early refusal; 100 % /m);
    expect(output).toContain('nothing found');
  }, 60_000);

  it('says so when there are no such targets', async () => {
    const { code, output } = await fuzz('--targets', join(__dirname, 'no-targets'), '--seconds', '1');
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('no-targets') as string,
    });
  }, 60_000);
});
