import { BoxCollector, readObjectIndex, type TrackIndex } from '@clipmesh/media';
import { withTemporaryFolder } from '@clipmesh/testkit';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, clickTime, makeSource, type Source } from '../../test/sources';
import { runFfmpeg } from '../run/run-ffmpeg';
import {
  AAC_PRIMING_SAMPLES,
  copySoundArguments,
  decodeSoundArguments,
  encodeSoundArguments,
  PCM,
} from './sound-arguments';
import type { TickWindow } from './tick-window';

jest.setTimeout(30_000);

const folder = withTemporaryFolder();
let count = 0;
const fresh = () => join(folder, `${++count}.mp4`);
const source = (options: Omit<Source, 'path'> = {}) => makeSource({ path: fresh(), ...options });

async function run(args: readonly string[], input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return runFfmpeg({
    args,
    input,
    consume: async (output) => Buffer.concat((await output.toArray()) as Buffer[]),
  });
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield* [bytes];
  return Promise.resolve();
}

const decoded = (path: string, window: TickWindow) => run(decodeSoundArguments(window), bytesOf(path));
const encoded = (pcm: Buffer) => run(encodeSoundArguments({ kind: 'aac' }), chunksOf(pcm));

async function stored(bytes: Buffer): Promise<string> {
  const path = fresh();
  await writeFile(path, bytes);
  return path;
}

function trackOf(bytes: Buffer): TrackIndex {
  const boxes = new BoxCollector();
  boxes.push(bytes);
  return readObjectIndex(boxes.finish(), bytes.length, 'movie').tracks[0]!;
}

it.each<[string, number, Omit<Source, 'path'>]>([
  ['48 kHz', 48_000, {}],
  ['44.1 kHz mono', 44_100, { audioEncoder: ['-c:a', 'aac', '-ar', '44100', '-ac', '1'] }],
])('is decoded from the window on, to the sample: %s', async (_what, rate, options) => {
  const path = await source({ click: 1.5, seconds: 3, ...options });
  // The source's own edit list hides its priming; its ticks count it.
  const at = (second: number) => Math.round(second * rate) + AAC_PRIMING_SAMPLES;
  const pcm = await decoded(path, { from: at(1), to: at(2.2), timescale: rate });
  expect(Math.abs(pcm.length / PCM.bytesPerSample - 1.2 * PCM.sampleRate)).toBeLessThanOrEqual(1);
  expect(Math.abs((await clickTime(await stored(await encoded(pcm)))) - 0.5)).toBeLessThan(0.005);
});

it('is encoded behind its priming, sample for sample', async () => {
  const samples = 100_000;
  const track = trackOf(await encoded(Buffer.alloc(samples * PCM.bytesPerSample)));
  expect(track).toMatchObject({ kind: 'audio', timescale: 48_000, decodeStart: -AAC_PRIMING_SAMPLES });
  const lasts = track.samples.durations.reduce((sum, duration) => sum + duration, 0);
  expect(lasts - AAC_PRIMING_SAMPLES).toBe(samples);
});

it('is copied on the clock of its window', async () => {
  const path = await source({ click: 1.5, seconds: 3 });
  const from = 48_000 + AAC_PRIMING_SAMPLES;
  const copied = await run(copySoundArguments({ from, to: 96_000, timescale: 48_000 }), bytesOf(path));
  expect(trackOf(copied).decodeStart).toBe(-from);
  expect(Math.abs((await clickTime(await stored(copied))) - 0.5)).toBeLessThan(0.005);
});

it('ends early where the source does', async () => {
  const path = await source({ click: 0.1, seconds: 1 });
  const pcm = await decoded(path, { from: 24_000, to: 480_000, timescale: 48_000 });
  expect(pcm.length / PCM.bytesPerSample).toBeLessThan(30_000);
});
