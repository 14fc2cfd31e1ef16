import { EMPTY_EDIT } from '../box/elst';
import type { Mvhd } from '../box/mvhd';
import { readStbl } from '../box/stbl';
import type { Trak } from '../box/trak';
import { rescale } from '../time/ticks';
import { expandStbl } from './expand-stbl';
import type { MdatMap } from './mdat-map';
import type { MediaData } from './media-data';
import type { MovieTrack } from './movie';
import { sampleOffsets } from './sample-offsets';
import type { SampleTable } from './sample-table';
import { SampleTableBuilder } from './sample-table-builder';

/** A track as it stands in a finished file. */
export interface FoundTrack {
  readonly trak: Trak;
  readonly mvhd: Mvhd;
  readonly media: MediaData;
  readonly map: MdatMap;
  readonly headerBytes: number;
  readonly sizeBytes: number;
}

/** What differs between a track of a finished file and the plan, in words, at most one sample of a run. */
export function* differencesOfTrack(found: FoundTrack, track: MovieTrack): Generator<string> {
  const { trak } = found;
  const stbl = readStbl(trak.stbl);
  const builder = new SampleTableBuilder(found.sizeBytes);
  expandStbl(stbl, found.media, builder);
  const table = builder.build();
  yield* differencesOfHeaders(found, track, table);
  const [entry] = stbl.sampleEntries;
  if (
    stbl.sampleEntries.length !== 1 ||
    entry === undefined ||
    Buffer.compare(entry, track.sampleEntry) !== 0
  ) {
    yield 'the sample entry is another one';
  }
  yield* differencesOfSamples(found, track, table);
}

function* differencesOfHeaders(found: FoundTrack, track: MovieTrack, table: SampleTable): Generator<string> {
  const { mdhd, tkhd, handlerType } = found.trak;
  const duration = table.durations.reduce((sum, ticks) => sum + ticks, 0);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['handler', handlerType, track.kind === 'video' ? 'vide' : 'soun'],
    ['timescale', mdhd.timescale, track.timescale],
    ['language', mdhd.language, track.language],
    ['media duration', mdhd.duration, duration],
    ['width', tkhd.width / 65_536, track.width],
    ['height', tkhd.height / 65_536, track.height],
    ['matrix', tkhd.matrix.join(' '), track.matrix.join(' ')],
  ];
  for (const [what, is, planned] of pairs) {
    if (is !== planned) {
      yield `${what} is ${String(is)}, planned was ${String(planned)}`;
    }
  }
  yield* differencesOfEdits(found, track);
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

function* differencesOfSamples(found: FoundTrack, track: MovieTrack, table: SampleTable): Generator<string> {
  const offsets = sampleOffsets(table);
  let first = 0;
  for (const run of track.runs) {
    const planned = run.readSamples();
    if (first + planned.count > table.count) {
      yield `there are ${table.count} samples, planned were more than ${first + planned.count - 1}`;
      return;
    }
    const difference =
      firstUnequalColumn(table, planned, first) ?? firstMisplaced(found, offsets, run.object, planned, first);
    if (difference !== undefined) {
      yield difference;
    }
    first += planned.count;
  }
  if (first !== table.count) {
    yield `there are ${table.count} samples, planned were ${first}`;
  }
}

const COLUMNS = ['sizes', 'durations', 'compositionOffsets', 'syncs'] as const;

function firstUnequalColumn(table: SampleTable, planned: SampleTable, first: number): string | undefined {
  for (const name of COLUMNS) {
    const is = table[name];
    const should = planned[name];
    for (let i = 0; i < planned.count; i++) {
      if (is[first + i] !== should[i]) {
        return `sample ${first + i + 1}: ${name} has ${is[first + i] ?? 0}, planned was ${should[i] ?? 0}`;
      }
    }
  }
  return undefined;
}

/** Follows each sample back from the file through mdat's ranges to its object: another way than it was placed. */
function firstMisplaced(
  { map, headerBytes }: FoundTrack,
  offsets: Float64Array,
  object: number,
  planned: SampleTable,
  first: number,
): string | undefined {
  const plannedOffsets = sampleOffsets(planned);
  for (let i = 0; i < planned.count; i++) {
    if (planned.sizes[i] === 0) {
      continue; // An empty sample is everywhere: between two ranges it belongs to either.
    }
    const position = (offsets[first + i] ?? 0) - headerBytes;
    const range = map.rangeAt(position);
    const offset = range === undefined ? -1 : range.offset + position - range.position;
    if (range?.object !== object || offset !== plannedOffsets[i]) {
      return `sample ${first + i + 1} is at byte ${offset} of object ${range?.object ?? -1}, planned was byte ${plannedOffsets[i] ?? -1} of object ${object}`;
    }
  }
  return undefined;
}
