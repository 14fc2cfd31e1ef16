import { decodeTimes, ticks, type TrackIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { IndexedObject } from '../index/segment-entry';

/** The frames of a piece: when each is shown, and in which order they are shown. */
export interface EncodedPictures {
  readonly index: TrackIndex;
  /** In decode order, from the start of the piece. */
  readonly shown: Float64Array;
  /** The same, ascending. */
  readonly sorted: Float64Array;
}

/** Opens a piece that is to last so many ticks. Throws `OutputInvalid` when that is not what it holds. */
export function openPictures(object: IndexedObject, timescale: number, length: number): EncodedPictures {
  const index = object.tracks.find(({ kind }) => kind === 'video');
  if (index === undefined || index.samples.count === 0) {
    throw invalidPiece(object, 'has no pictures');
  }
  if (index.timescale !== timescale) {
    throw invalidPiece(object, `counts ${index.timescale} ticks a second instead of ${timescale}`);
  }
  const shown = shownTimes(index);
  const sorted = Float64Array.from(shown).sort();
  const [earliest = 0] = sorted;
  const latest = sorted.at(-1) ?? 0;
  if (earliest < 0 || latest >= length) {
    throw invalidPiece(object, `shows pictures from ${earliest} to ${latest} in a piece of ${length} ticks`);
  }
  return { index, shown, sorted };
}

function shownTimes({ samples, decodeStart }: TrackIndex): Float64Array {
  const shown = decodeTimes(samples);
  for (let i = 0; i < shown.length; i++) {
    shown[i] = (shown[i] ?? 0) + decodeStart + (samples.compositionOffsets[i] ?? 0);
  }
  return shown;
}

/**
 * The pictures with decode times made anew, from presentation times alone: what an encoder counts before its first frame
 * differs from piece to piece where the frame rate varies, and would shift pictures at a seam. Frame `n` in decode order is
 * decoded when frame `n` in presentation order is shown, all of them the same `delay` earlier; the last lasts until `end`.
 */
export function retimed({ index, shown, sorted }: EncodedPictures, end: number, delay: number): TrackIndex {
  const { count } = index.samples;
  const durations = new Uint32Array(count);
  const compositionOffsets = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const time = sorted[i] ?? 0;
    durations[i] = (i + 1 < count ? (sorted[i + 1] ?? 0) : end) - time;
    compositionOffsets[i] = (shown[i] ?? 0) - time + delay;
  }
  return {
    ...index,
    decodeStart: ticks((sorted[0] ?? 0) - delay),
    samples: { ...index.samples, durations, compositionOffsets },
  };
}

/** All pieces were encoded with the same settings: what does not join is a defect of the encoding. */
export function invalidPiece({ key }: IndexedObject, what: string): ExportError {
  return new ExportError('OutputInvalid', { message: `the encoded part ${key} ${what}`, details: { key } });
}
