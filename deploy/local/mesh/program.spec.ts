import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Launch, Program } from './program';

let folder: string;
let program: Program;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clipmesh-program-'));
});

afterEach(async () => {
  await program.stop(0);
  rmSync(folder, { recursive: true, force: true });
});

const READY = `console.log('{"msg":"ready"}');`;
const FOR_EVER = 'setInterval(() => {}, 1000);';

function node(code: string, isUp: Launch['isUp'] = becomesReady): Program {
  program = new Program({
    name: 'a-service',
    command: [process.execPath, '-e', code],
    env: process.env,
    logFile: join(folder, 'logs', 'a.log'),
    isUp,
  });
  return program;
}

const becomesReady: Launch['isUp'] = (it, signal) => it.nextLog(({ msg }) => msg === 'ready', signal);

const alive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid!, 0);
  } catch {
    return false;
  }
};

describe('Program', () => {
  it('is up when it says so', async () => {
    await node(`console.log('not json');${READY}${FOR_EVER}`).start();
    expect(alive(program.pid)).toBe(true);
  });

  it('tells the end of the log when the program ends before it is up', async () => {
    await expect(node(`console.error('no settings'); process.exit(3)`).start()).rejects.toThrow(
      /a-service ended \(exit code 3\) before it was up[^]*no settings/,
    );
  });

  it('tells that there is no such program', async () => {
    program = new Program({
      name: 'nothing',
      command: ['/nowhere/nothing'],
      env: process.env,
      logFile: join(folder, 'a.log'),
      isUp: becomesReady,
    });
    await expect(program.start()).rejects.toMatchObject({
      code: 'ServerNotStarted',
      message: expect.stringContaining('nowhere') as string,
    });
  });

  it('leaves nothing running when the start is aborted', async () => {
    const controller = new AbortController();
    let pid: number | undefined;
    const started = node(FOR_EVER, (it, signal) => {
      pid = it.pid;
      controller.abort(new Error('enough'));
      return becomesReady(it, signal);
    }).start(controller.signal);
    await expect(started).rejects.toThrow('enough');
    expect(alive(pid)).toBe(false);
  });

  it('lets the program end by itself when it is stopped', async () => {
    await node(`process.on('SIGTERM', () => process.exit(5));${READY}${FOR_EVER}`).start();
    await expect(program.stop()).resolves.toEqual({ code: 5, signal: null });
  });

  it('kills a program that does not end within the grace', async () => {
    await node(`process.on('SIGTERM', () => {});${READY}${FOR_EVER}`).start();
    await expect(program.stop(50)).resolves.toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('kills what a stopped program has left behind', async () => {
    await node(`
      const left = require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
      console.log(JSON.stringify({ msg: 'ready', left: left.pid }));${FOR_EVER}`).start();
    const { left } = JSON.parse(readFileSync(program.logFile, 'utf8')) as { left: number };
    expect(alive(left)).toBe(true);
    await program.stop();
    await expect(gone(left)).resolves.toBe(true);
  });

  it('starts again after it was killed', async () => {
    await node(READY + FOR_EVER).start();
    const first = program.pid;
    await expect(program.kill()).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    expect(program.isRunning).toBe(false);
    await program.restart();
    expect(alive(program.pid)).toBe(true);
    expect(program.pid).not.toBe(first);
  });

  it('tolerates being stopped twice, and before it was ever started', async () => {
    node(READY + FOR_EVER);
    await program.stop();
    await program.start();
    await Promise.all([program.stop(), program.stop()]);
    expect(program.isRunning).toBe(false);
  });

  it('gives up waiting for a log line when the program ends', async () => {
    await node(`process.on('SIGTERM', () => process.exit(0));${READY}${FOR_EVER}`).start();
    const waiting = program.nextLog(({ msg }) => msg === 'never');
    await Promise.all([
      expect(waiting).rejects.toThrow('ended (exit code 0) before it logged'),
      program.stop(),
    ]);
  });
});

/** A killed orphan is reaped by init a moment later: /proc tells when nothing of it runs any more. */
async function gone(pid: number): Promise<boolean> {
  for (;;) {
    try {
      if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) {
        return true;
      }
    } catch {
      return true;
    }
    await new Promise(setImmediate);
  }
}
