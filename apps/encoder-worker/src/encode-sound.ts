import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { soundFeed, type PlacedPart, type SoundFeed } from '@clipmesh/archive';
import { copySoundArguments, decodeSoundArguments, encodeSoundArguments, PCM } from '@clipmesh/ffmpeg';
import type { EncodeJob } from '@clipmesh/contracts';
import type { ObjectRef } from '@clipmesh/object-store';
import type { AudioSettings } from '@clipmesh/pipeline';
import type { Encoders } from './encoders';
import type { Feed, FeedReader } from './feed';
import type { WrittenPiece } from './pieces';

export interface SoundOrder {
  readonly job: EncodeJob;
  readonly refOf: (piece: number) => ObjectRef;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

const SILENCE = Buffer.alloc(64 * 1024);

/**
 * The sound of a whole movie in one go, so that no seam is heard: copied where it is AAC and nothing else was asked for, else
 * encoded. Each stretch gets exactly the samples that its pictures last, counted on one grid from the start of the
 * movie, so that a day of it does not drift.
 */
export async function encodeSound(
  encoders: Encoders,
  feeds: FeedReader,
  order: SoundOrder,
): Promise<readonly WrittenPiece[]> {
  const { settings: recipe } = order.job;
  const audio = recipe === 'edges' ? 'none' : recipe.audio;
  if (audio === 'copy' && isCopyable(order.job)) {
    return copySound(encoders, feeds, order);
  }
  const settings: AudioSettings = typeof audio === 'string' ? { kind: 'aac' } : audio;
  const { clock } = order.job;
  const last = (await feeds.read(order.job, order.job.files.length - 1, order)).parts.at(-1);
  const end = last?.end ?? 0;
  const object = await encoders.runOn(pcmOf(encoders, feeds, order), {
    args: encodeSoundArguments(settings),
    ref: order.refOf(0),
    signal: order.signal,
    onProgress: (outTimeUs) => {
      order.onProgress(Math.min((outTimeUs * clock.timescale) / (1e6 * end), 1));
    },
  });
  return [{ object, span: [0, end] }];
}

/** Sound of another kind, or that changes on the way, is encoded. */
function isCopyable({ files }: EncodeJob): boolean {
  return files.length === 1 && files[0]?.feed.soundCodec?.startsWith('mp4a.40') === true;
}

async function copySound(encoders: Encoders, feeds: FeedReader, order: SoundOrder): Promise<WrittenPiece[]> {
  const feed = await feeds.read(order.job, 0, order);
  const pieces: WrittenPiece[] = [];
  for (const stretch of stretchesOf(feed)) {
    const sound = soundFeed(feed.plan, stretch.window);
    if (sound !== undefined) {
      const object = await encoders.run({
        plan: sound.plan,
        args: copySoundArguments(sound),
        ref: order.refOf(pieces.length),
        signal: order.signal,
      });
      pieces.push({ object, span: [stretch.start, stretch.end] });
    }
  }
  return pieces;
}

/** Parts that follow each other in the recording, together. */
function stretchesOf({ parts }: Feed): readonly PlacedPart[] {
  const found: PlacedPart[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (last?.window.range === part.window.range && last.window.to === part.window.from) {
      found[found.length - 1] = { ...last, window: { ...last.window, to: part.window.to }, end: part.end };
    } else {
      found.push(part);
    }
  }
  return found;
}

/** The decoded sound of all feeds, one behind another. */
async function* pcmOf(encoders: Encoders, feeds: FeedReader, order: SoundOrder): AsyncGenerator<Uint8Array> {
  const { clock, files } = order.job;
  for (const number of files.keys()) {
    const feed = await feeds.read(order.job, number, order);
    for (const { window, start, end } of stretchesOf(feed)) {
      const samples = clock.soundSample(end) - clock.soundSample(start);
      const sound = soundFeed(feed.plan, window);
      yield* exactly(
        samples * PCM.bytesPerSample,
        sound === undefined ? [] : decoded(encoders, sound, order.signal),
      );
    }
  }
}

async function* decoded(
  encoders: Encoders,
  sound: SoundFeed,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const through = new PassThrough();
  const run = encoders.pipe({ plan: sound.plan, args: decodeSoundArguments(sound), signal }, (output) =>
    pipeline(output, through),
  );
  // What ends ffmpeg ends the stream; the run itself is awaited below.
  run.catch((error: unknown) => through.destroy(error as Error));
  // A byte stream yields buffers.
  yield* through as AsyncIterable<Uint8Array>;
  await run;
}

/** So many bytes: what is too much is left out, what is missing is silence. */
async function* exactly(
  bytes: number,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left > 0) {
      yield chunk.subarray(0, left);
    }
    left -= Math.min(left, chunk.length);
  }
  for (; left > 0; left -= Math.min(left, SILENCE.length)) {
    yield SILENCE.subarray(0, left);
  }
}
