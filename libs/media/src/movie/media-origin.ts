import { EMPTY_EDIT } from '../box/elst';
import { corruptBox } from '../bytes/box-error';
import { rescale, ticks, type Ticks } from '../time/ticks';
import type { SampleTable } from './sample-table';
import { presentationSpan } from './sample-table-times';
import type { TrackReading } from './track-reading';

/** Where a track's edit list places its media on the movie's timeline (ISO/IEC 14496-12 §8.6.6). */
interface Shift {
  /** In the movie's timescale: how much nothing is shown first. */
  readonly emptyDuration: number;
  /** In the track's timescale: what of the media is skipped. */
  readonly mediaTime: number;
}

/**
 * Decode time of a track's first sample from the media origin, which is the presentation time of the first
 * frame of `reference`. Recorders may count from 1970, and timescales differ: so in whole numbers of any size,
 * rounded once at the end.
 */
export function decodeStartFrom(
  reference: TrackReading,
  referenceTable: SampleTable,
  track: TrackReading,
  movieTimescale: number,
): Ticks {
  const originShift = shiftOf(reference);
  const shift = shiftOf(track);
  const earliest = BigInt(presentationSpan(referenceTable).start);
  const origin = reference.firstDecode + earliest - BigInt(originShift.mediaTime);
  const start = track.firstDecode - BigInt(shift.mediaTime);
  const ownScale = BigInt(track.trak.mdhd.timescale);
  const originScale = BigInt(reference.trak.mdhd.timescale);
  const movieScale = BigInt(movieTimescale);
  // (start / ownScale - origin / originScale + emptyDifference / movieScale) * ownScale
  const emptyDifference = BigInt(shift.emptyDuration - originShift.emptyDuration);
  const numerator =
    (start * originScale - origin * ownScale) * movieScale + emptyDifference * ownScale * originScale;
  const decodeStart = Number(divideRounded(numerator, originScale * movieScale));
  if (!Number.isSafeInteger(decodeStart)) {
    throw corruptBox(
      'tfdt',
      `places the ${track.kind} track beyond 2^53 ticks from the ${reference.kind} track`,
    );
  }
  return ticks(decodeStart);
}

/** Decode time of a track's first sample from time 0 of the movie, as its edit list says. */
export function decodeStartInMovie(track: TrackReading, movieTimescale: number): Ticks {
  const { emptyDuration, mediaTime } = shiftOf(track);
  const empty = rescale(emptyDuration, movieTimescale, track.trak.mdhd.timescale, 'round');
  return ticks(Number(track.firstDecode - BigInt(mediaTime)) + empty);
}

/** The first edit that shows media rules; what comes behind it does not move the start. */
function shiftOf(track: TrackReading): Shift {
  let emptyDuration = 0;
  for (const edit of track.trak.edits) {
    if (edit.mediaTime !== EMPTY_EDIT) {
      return { emptyDuration, mediaTime: edit.mediaTime };
    }
    emptyDuration += edit.segmentDuration;
  }
  return { emptyDuration, mediaTime: 0 };
}

/** To the nearest whole number, halves up; `divisor` is positive. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const doubled = 2n * dividend + divisor;
  const quotient = doubled / (2n * divisor);
  return doubled < 0n && doubled % (2n * divisor) !== 0n ? quotient - 1n : quotient;
}
