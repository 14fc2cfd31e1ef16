import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { withTemporaryFolder } from '@clipmesh/testkit';
import { bytesOf, makeSource } from '../../test/sources';
import { checkDecodes } from '../check-decodes';
import { runFfmpeg } from './run-ffmpeg';

jest.setTimeout(30_000);

const folder = withTemporaryFolder();
let footage: string;

beforeAll(async () => {
  footage = await makeSource({ path: join(folder, 'footage.mp4'), seconds: 4, click: 1, size: '160x120' });
});

const FOREVER = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25'];
const TO_PIPE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'mpegts', 'pipe:1'];
const FROM_PIPE = ['-protocol_whitelist', 'pipe', '-f', 'mov', '-i', 'pipe:0'];
const drain = (output: Readable): Promise<void> => finished(output.resume());

/** Processes that were started with the mark among their arguments. */
function marked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(mark);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

/** An endless ffmpeg that has begun to write, and how to end it. */
async function running(mark: string, consume: (output: Readable) => Promise<void> = drain) {
  const controller = new AbortController();
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const run = runFfmpeg({
    args: [...FOREVER, '-metadata', `comment=${mark}`, ...TO_PIPE],
    signal: controller.signal,
    consume: async (output) => {
      await new Promise((resolve) => output.once('readable', resolve));
      begin();
      await consume(output);
    },
  });
  run.catch(() => undefined);
  await Promise.race([begun, run]);
  return { controller, run, pids: () => marked(`comment=${mark}`) };
}

describe('ending ffmpeg', () => {
  it('ends it within two seconds of an abort, with the reason of the abort', async () => {
    const { controller, run, pids } = await running('cancel');
    expect(pids()).toHaveLength(1);
    const reason = new Error('job canceled');
    const begun = Date.now();
    controller.abort(reason);
    await expect(run).rejects.toBe(reason);
    expect(Date.now() - begun).toBeLessThan(2_000);
    expect(pids()).toEqual([]);
  });

  it('kills it when it does not listen', async () => {
    const { controller, run, pids } = await running('deaf');
    process.kill(pids()[0]!, 'SIGSTOP');
    const begun = Date.now();
    controller.abort(new Error('job canceled'));
    await expect(run).rejects.toThrow('job canceled');
    expect(Date.now() - begun).toBeLessThan(2_000);
    expect(pids()).toEqual([]);
  });

  it('does not start it when the signal is aborted already', async () => {
    const consume = jest.fn();
    const signal = AbortSignal.abort(new Error('job canceled'));
    await expect(runFfmpeg({ args: ['-version'], consume, signal })).rejects.toThrow('job canceled');
    expect(consume).not.toHaveBeenCalled();
  });

  it('ends it when its time is up', async () => {
    await expect(
      runFfmpeg({ args: [...FOREVER, ...TO_PIPE], consume: drain, timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: 'EncoderTimedOut', retryable: true });
  });

  it('ends it when whoever takes its output fails', async () => {
    const { run, pids } = await running('consumer', () => Promise.reject(new Error('store is full')));
    await expect(run).rejects.toThrow('store is full');
    expect(pids()).toEqual([]);
  });

  it('ends it when its output is not wanted to the end', async () => {
    const { run, pids } = await running('enough', () => Promise.resolve());
    await expect(run).rejects.toMatchObject({ code: 'EncoderCrashed' });
    expect(pids()).toEqual([]);
  });
});

describe('how ffmpeg ended', () => {
  it('resolves with what was made of the output', async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25:duration=1'];
    const frames = await runFfmpeg({
      args: [...source, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
      consume: async (output) => Buffer.concat((await output.toArray()) as Buffer[]).length / (64 * 64),
    });
    expect(frames).toBe(25);
  });

  it('says which part of the media is at fault', async () => {
    const garbage = (async function* () {
      yield await Promise.resolve(Buffer.alloc(200_000, 'no movie '));
    })();
    await expect(
      runFfmpeg({ args: [...FROM_PIPE, '-f', 'null', '-'], input: garbage, consume: drain }),
    ).rejects.toMatchObject({
      code: 'UndecodableMedia',
      retryable: false,
      details: { exitCode: 1, stderrTail: expect.stringContaining('Invalid data') as string },
    });
  });

  it('takes wrong arguments for a defect, not for bad media', async () => {
    await expect(runFfmpeg({ args: ['-no-such-option'], consume: drain })).rejects.toMatchObject({
      code: 'EncoderCrashed',
      details: { stderrTail: expect.stringContaining('no-such-option') as string },
    });
  });

  it('tells a crash by its signal', async () => {
    const { run, pids } = await running('crash');
    process.kill(pids()[0]!, 'SIGSEGV');
    await expect(run).rejects.toMatchObject({ code: 'EncoderCrashed', details: { signal: 'SIGSEGV' } });
  });

  it('keeps it within its memory', async () => {
    const args = ['-f', 'lavfi', '-i', 'testsrc2=size=3840x2160:rate=25:duration=1', ...TO_PIPE];
    await expect(runFfmpeg({ args, consume: drain, memoryBytes: 300 * 1024 * 1024 })).rejects.toMatchObject({
      code: 'EncoderCrashed',
    });
  });

  it('does not let an output that broke off look whole', async () => {
    const { run, pids } = await running('half', async (output) => {
      process.kill(marked('comment=half')[0]!, 'SIGKILL');
      await drain(output);
      throw new Error('the output ended as if it were whole');
    });
    await expect(run).rejects.toMatchObject({ code: 'EncoderCrashed', details: { signal: 'SIGKILL' } });
    expect(pids()).toEqual([]);
  });
});

describe('feeding ffmpeg', () => {
  const copy = [...FROM_PIPE, '-c', 'copy', '-f', 'mpegts', 'pipe:1'];

  it('feeds it from a stream, and tells how far it is', async () => {
    const seen: number[] = [];
    await runFfmpeg({
      args: copy,
      input: bytesOf(footage, 1_000),
      consume: drain,
      onProgress: ({ outTimeUs }) => seen.push(outTimeUs),
    });
    expect(seen.at(-1)).toBeGreaterThan(3_500_000);
  });

  it('lets it have enough before the end of the input', async () => {
    let left = false;
    const endless = (async function* () {
      try {
        yield* bytesOf(footage);
        for (;;) {
          yield await Promise.resolve(Buffer.alloc(64 * 1024));
        }
      } finally {
        left = true;
      }
    })();
    await runFfmpeg({
      args: [...FROM_PIPE, '-t', '1', '-c', 'copy', '-f', 'mpegts', 'pipe:1'],
      input: endless,
      consume: drain,
    });
    expect(left).toBe(true);
  });

  it('ends it when the input fails, with the input’s error', async () => {
    const broken = (async function* () {
      yield* bytesOf(footage, 10_000);
      throw new Error('store is gone');
    })();
    await expect(runFfmpeg({ args: copy, input: broken, consume: drain })).rejects.toThrow('store is gone');
  });

  it('is not held up by an input that stands still when ffmpeg has failed', async () => {
    const still = (async function* () {
      yield* bytesOf(footage);
      await new Promise(() => undefined);
    })();
    await expect(
      runFfmpeg({ args: [...FROM_PIPE, '-f', 'no-such-format', 'pipe:1'], input: still, consume: drain }),
    ).rejects.toMatchObject({ code: 'EncoderCrashed' });
  });

  it('reads no further ahead than pipes hold while the output is not taken', async () => {
    const controller = new AbortController();
    let taken = 0;
    let isQuiet = (): void => undefined;
    const quiet = new Promise<void>((resolve) => (isQuiet = resolve));
    let timer = setTimeout(isQuiet, 5_000);
    const endless = (async function* () {
      for (;;) {
        taken += 64 * 1024;
        clearTimeout(timer);
        // Pipes that are full stay full: nothing is asked for any more.
        timer = setTimeout(isQuiet, 200);
        yield await Promise.resolve(Buffer.alloc(64 * 1024));
      }
    })();
    const run = runFfmpeg({
      args: ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', '64x64', '-i', 'pipe:0', '-f', 'rawvideo', 'pipe:1'],
      input: endless,
      consume: () => quiet,
      signal: controller.signal,
    });
    await quiet;
    expect(taken).toBeLessThan(8 * 1024 * 1024);
    controller.abort(new Error('seen enough'));
    await expect(run).rejects.toThrow();
  });
});

describe('checkDecodes', () => {
  it('counts the frames of whole media', async () => {
    expect(await checkDecodes(bytesOf(footage))).toBe(100);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    [
      'a picture is damaged',
      (bytes) => Uint8Array.from(bytes, (byte, n) => (n > 9_000 && n < 12_000 ? 0xff : byte)),
    ],
    ['it ends in the middle', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['it is no media', () => Buffer.alloc(5_000, 'x')],
  ])('refuses media when %s', async (_what, damage) => {
    const bytes = damage(readFileSync(footage));
    const damaged = (async function* () {
      yield await Promise.resolve(bytes);
    })();
    await expect(checkDecodes(damaged)).rejects.toMatchObject({ code: 'UndecodableMedia' });
  });
});
