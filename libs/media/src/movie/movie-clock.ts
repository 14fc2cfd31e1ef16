import { ExportError } from '@clipmesh/errors';
import { EMPTY_EDIT, type Edit } from '../box/elst';
import { MAX_U32 } from '../bytes/box-writer';
import { greatestCommonDivisor } from '../time/common-divisor';
import { rescale, type WallTime } from '../time/ticks';
import type { MovieTrack } from './movie';

/** Seconds from 1904-01-01, when MP4's clock begins, to 1970-01-01. */
const SECONDS_1904_TO_1970 = 2_082_844_800;
// ffmpeg and QuickTime keep a timescale in 32 signed bits.
const MAX_TIMESCALE = 2 ** 31 - 1;
const COARSEST_TIMESCALE = 1000;

export function movieSeconds(time: WallTime): number {
  return Math.floor(time / 1000) + SECONDS_1904_TO_1970;
}

/**
 * Ticks per second of the durations in mvhd, tkhd and elst. An edit is cut to them, so: the least common
 * multiple of the tracks' timescales, in which all are whole, while the movie's duration fits 32 bits in it.
 * Else the first track's (the video's), times what brings it to 1000 or more: the video stays exact, and sound
 * is right within a millisecond.
 */
export function chooseMovieTimescale(tracks: readonly MovieTrack[]): number {
  const common = tracks.reduce(
    (multiple, { timescale }) => multiple * (timescale / greatestCommonDivisor(multiple, timescale)),
    1,
  );
  const seconds = Math.max(...tracks.map((track) => track.presentation.duration / track.timescale));
  if (common <= MAX_TIMESCALE && seconds * common < MAX_U32) {
    return common;
  }
  const first = tracks[0]?.timescale ?? COARSEST_TIMESCALE;
  return first * Math.ceil(COARSEST_TIMESCALE / first);
}

/**
 * A track's edit list: one entry that shows what the presentation says. Sound that begins after the pictures
 * has a negative media time, and gets an empty entry first for as long as it is silent.
 */
export function editsOf(track: MovieTrack, movieTimescale: number): readonly Edit[] {
  const { mediaTime, duration } = track.presentation;
  const silence = Math.max(0, 0 - mediaTime);
  if (duration <= silence) {
    throw new ExportError('InternalError', { message: `the ${track.kind} track of the movie shows nothing` });
  }
  const shown = {
    segmentDuration: rescale(duration - silence, track.timescale, movieTimescale, 'ceil'),
    mediaTime: Math.max(0, mediaTime),
  };
  const silent = rescale(silence, track.timescale, movieTimescale, 'round');
  return silent > 0 ? [{ segmentDuration: silent, mediaTime: EMPTY_EDIT }, shown] : [shown];
}

export function sumOfEdits(edits: readonly Edit[]): number {
  return edits.reduce((sum, edit) => sum + edit.segmentDuration, 0);
}
