import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '@clipmesh/bus';
import { eventSubject, OPERATOR, refusedSubject } from '@clipmesh/contracts';
import {
  MeshClient,
  programPath,
  REPOSITORY,
  startServers,
  startService,
  type MeshServers,
  type Program,
} from '@clipmesh/local';
import { withTemporaryFolder } from '@clipmesh/testkit';

// Does what docs/recorders.md says, block by block, in one shell, with the real `mc` and `nats`, as the users that the page names.

// Hooks after the tests run in the order of their declaration: these go before the servers.
afterAll(async () => {
  shell.end();
  await bus.close();
  await reader.stop();
  await servers.stop();
}, 30_000);

const folder = withTemporaryFolder();
const blocks = [
  ...readFileSync(join(REPOSITORY, 'docs/recorders.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms),
].map((match) => match[1] ?? '');

let servers: MeshServers;
let reader: Program;
let bus: Bus;
let shell: PageShell;

beforeAll(async () => {
  servers = await startServers({ dataDir: join(folder, 'servers') });
  const { doors } = servers;
  await doors.recorder('gate-1');
  const env = doors.settingsOf('segment-reader');
  reader = await startService({ app: 'segment-reader', env, logFile: join(folder, 'reader.log') });
  ({ bus } = await MeshClient.connect(doors.settingsOf(OPERATOR), 'page'));
  shell = new PageShell(folder, { CLIPMESH_DOORS: doors.dataDir });
}, 60_000);

/** The page's only block that has the text. */
function blockWith(text: string): string {
  const found = blocks.filter((block) => block.includes(text));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

/** The next message on a subject; to be asked for before it is caused. */
async function next(subject: string): Promise<unknown> {
  return new Promise((resolve) => {
    const stop = bus.onNudge(subject, (body) => {
      void stop();
      resolve(body);
    });
  });
}

it('the page shows eight things to do', () => {
  expect(blocks).toHaveLength(8);
});

it('a segment is put, announced and indexed', async () => {
  await shell.run(blockWith('recorder() ('));
  await shell.run(blockWith('ffmpeg'));
  const indexed = next(eventSubject('segment', '*', 'indexed'));
  expect(await shell.run(blockWith('KEY=gate-1'))).toContain('"stream":"SEGMENTS"');
  await indexed;
  const coverage = await shell.run(blockWith('archive.coverage'));
  expect(coverage).toContain(
    '"timeRanges":[{"start":"2026-11-01T05:20:00.000Z","end":"2026-11-01T05:20:10.000Z"}]',
  );
}, 60_000);

it('the same event again is a duplicate', async () => {
  expect(await shell.run(blockWith('KEY=gate-1'))).toContain('"duplicate": true');
}, 60_000);

it('what is refused can be read with its reason', async () => {
  const refused = next(refusedSubject('gate-1'));
  await shell.run(blockWith('\'{"start":"2026-11-01T05:30'));
  await refused;
  const refusal = await shell.run(blockWith('nats stream get DEAD'));
  expect(refusal).toContain('"code":"SegmentMissing"');
  expect(refusal).toContain('"key":"gate-1/never-put.mp4"');
}, 60_000);

it('what nobody announced is found and announced', async () => {
  const dry = await shell.run(blockWith('"dryRun":true'));
  expect(dry).toContain('"scanned":1,"known":1,"announced":0');
  const indexed = next(eventSubject('segment', '*', 'indexed'));
  expect(await shell.run(blockWith('"timePattern"'))).toContain('"announced":1');
  expect(await indexed).toMatchObject({ video: 'gate-1', start: '2026-10-31T23:59:30.000Z' });
}, 60_000);

/** One bash for all blocks, so that they share variables as they do for a reader of the page. */
class PageShell {
  private readonly bash: ChildProcessWithoutNullStreams;
  private output = '';
  private blocks = 0;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    const bin = join(folder, 'bin');
    const work = join(folder, 'work');
    mkdirSync(bin);
    mkdirSync(work);
    for (const tool of ['mc', 'nats'] as const) {
      symlinkSync(programPath(tool), join(bin, tool));
    }
    this.bash = spawn('bash', ['--noprofile', '--norc'], {
      cwd: work,
      env: { ...process.env, ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: work },
    });
    for (const stream of [this.bash.stdout, this.bash.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** What the block prints; it fails when its last command does. */
  async run(block: string): Promise<string> {
    const mark = `block ${String((this.blocks += 1))} ended with`;
    this.output = '';
    this.bash.stdin.write(`{ ${block}\n} < /dev/null; echo "${mark} $?"\n`);
    const ended = new RegExp(`${mark} (\\d+)\n`);
    while (!ended.test(this.output)) {
      await new Promise((resolve) => this.bash.stdout.once('data', resolve));
    }
    const status = ended.exec(this.output)?.[1];
    if (status !== '0') {
      throw new Error(`exit code ${String(status)} of:\n${block}\n${this.output}`);
    }
    return this.output;
  }

  end(): void {
    this.bash.stdin.end();
  }
}
