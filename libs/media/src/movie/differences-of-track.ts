import { EMPTY_EDIT } from '../box/elst';
import type { Mvhd } from '../box/mvhd';
import { rescale } from '../time/ticks';
import { differencesOfSamples } from './differences-of-samples';
import type { MdatMap } from './mdat-map';
import type { MovieTrack } from './movie';
import type { StoredTrack } from './stored-movie';

/** A track as it stands in a finished file. */
export interface FoundTrack {
  readonly trak: StoredTrack;
  readonly mvhd: Mvhd;
  readonly map: MdatMap;
  readonly headerBytes: number;
}

/** What differs between a track of a finished file and the plan, in words, at most one sample of a run. */
export async function* differencesOfTrack(found: FoundTrack, track: MovieTrack): AsyncGenerator<string> {
  const { sampleEntries } = found.trak;
  const [entry] = sampleEntries;
  if (sampleEntries.length !== 1 || entry === undefined || Buffer.compare(entry, track.sampleEntry) !== 0) {
    yield 'the sample entry is another one';
  }
  yield* differencesOfHeaders(found, track);
  yield* differencesOfEdits(found, track);
  const { map, headerBytes } = found;
  const { samples, mdhd } = found.trak;
  yield* differencesOfSamples({ samples, map, headerBytes }, mdhd.duration, track.runs);
}

function* differencesOfHeaders({ trak }: FoundTrack, track: MovieTrack): Generator<string> {
  const { mdhd, tkhd, handlerType } = trak;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['handler', handlerType, track.kind === 'video' ? 'vide' : 'soun'],
    ['timescale', mdhd.timescale, track.timescale],
    ['language', mdhd.language, track.language],
    ['width', tkhd.width / 65_536, track.width],
    ['height', tkhd.height / 65_536, track.height],
    ['matrix', tkhd.matrix.join(' '), track.matrix.join(' ')],
  ];
  for (const [what, is, planned] of pairs) {
    if (is !== planned) {
      yield `${what} is ${String(is)}, planned was ${String(planned)}`;
    }
  }
}

/** Shown time in track ticks may differ from the plan by the one tick of the movie's clock that it is cut to. */
function* differencesOfEdits({ trak, mvhd }: FoundTrack, track: MovieTrack): Generator<string> {
  const { mediaTime, duration } = track.presentation;
  const shown = trak.edits.filter((edit) => edit.mediaTime !== EMPTY_EDIT);
  const [only] = shown;
  if (only === undefined || shown.length > 1) {
    yield `the edit list shows ${shown.length} stretches, planned was 1`;
    return;
  }
  if (only.mediaTime !== Math.max(0, mediaTime)) {
    yield `the edit list begins at ${only.mediaTime}, planned was ${mediaTime}`;
  }
  const whole = trak.edits.reduce((sum, edit) => sum + edit.segmentDuration, 0);
  const planned = rescale(duration, track.timescale, mvhd.timescale, 'round');
  if (Math.abs(whole - planned) > 1) {
    yield `the edit list lasts ${whole} of ${mvhd.timescale} a second, planned was ${planned}`;
  }
  if (trak.tkhd.duration !== whole || mvhd.duration < whole) {
    yield `tkhd lasts ${trak.tkhd.duration} and mvhd ${mvhd.duration}, the edit list ${whole}`;
  }
}
