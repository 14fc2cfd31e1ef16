import { ExportError } from '@clipmesh/errors';
import type { Stbl } from '../box/stbl';
import { corruptBox } from '../bytes/box-error';
import type { MediaData } from './media-data';
import type { SampleTableBuilder } from './sample-table-builder';

/**
 * Writes the run-length tables of a movie's stbl out into columns. Every table must tell of exactly as many
 * samples as stsz does. Returns the sample description (from 1) that all of them use; 0 without samples.
 */
export function expandStbl(stbl: Stbl, media: MediaData, into: SampleTableBuilder): number {
  const { count } = stbl.sizes;
  if (count === 0) {
    return 0;
  }
  const first = into.append(count, 'stsz');
  if ('sizes' in stbl.sizes) {
    into.sizes.set(stbl.sizes.sizes, first);
  } else {
    into.sizes.fill(stbl.sizes.constantSize, first, first + count);
  }
  expandPairs('stts', stbl.stts, into.durations, first, count);
  if (stbl.ctts !== undefined) {
    expandPairs('ctts', stbl.ctts, into.compositionOffsets, first, count);
  }
  expandSyncs(stbl.stss, into.syncs, first, count);
  return placeChunks(stbl, media, into, first);
}

/** Values wrap into the column's own type: an Int32Array takes two's complement. */
function expandPairs(
  box: string,
  pairs: Uint32Array,
  column: Uint32Array | Int32Array,
  first: number,
  count: number,
): void {
  let at = first;
  const end = first + count;
  for (let i = 0; i < pairs.length; i += 2) {
    const run = pairs[i] ?? 0;
    if (run > end - at) {
      throw corruptBox(box, `tells of more samples than the ${count} in stsz`);
    }
    column.fill(pairs[i + 1] ?? 0, at, at + run);
    at += run;
  }
  if (at !== end) {
    throw corruptBox(box, `tells of ${at - first} samples, stsz of ${count}`);
  }
}

function expandSyncs(
  numbers: Uint32Array | undefined,
  syncs: Uint8Array,
  first: number,
  count: number,
): void {
  if (numbers === undefined) {
    syncs.fill(1, first, first + count);
    return;
  }
  for (const number of numbers) {
    if (number < 1 || number > count) {
      throw corruptBox('stss', `names sample ${number} of ${count}`);
    }
    syncs[first + number - 1] = 1;
  }
}

function placeChunks(stbl: Stbl, media: MediaData, into: SampleTableBuilder, first: number): number {
  let sample = first;
  return eachChunk(stbl, (offset, count) => {
    placeChunk(offset, sample, count, media, into);
    sample += count;
  });
}

/**
 * Visits the chunks of a movie in file order, each with its offset and how many samples it holds: together exactly as
 * many as stsz tells of. Returns the sample description (from 1) that all of them use.
 */
export function eachChunk(stbl: Stbl, visit: (offset: number, sampleCount: number) => void): number {
  const { stsc, chunkOffsets, sizes } = stbl;
  let description = 0;
  let sample = 0;
  for (let i = 0; i < stsc.length; i += 3) {
    const from = expectChunk(stsc, i, chunkOffsets.length);
    const perChunk = stsc[i + 1] ?? 0;
    description = sameDescription(description, stsc[i + 2] ?? 0, 'stsc');
    const to = (stsc[i + 3] ?? chunkOffsets.length + 1) - 1;
    for (let chunk = from; chunk < to; chunk++) {
      if (perChunk > sizes.count - sample) {
        throw corruptBox('stsc', `tells of more samples than the ${sizes.count} in stsz`);
      }
      visit(chunkOffsets[chunk] ?? 0, perChunk);
      sample += perChunk;
    }
  }
  if (sample !== sizes.count) {
    throw corruptBox('stsc', `tells of ${sample} samples, stsz of ${sizes.count}`);
  }
  return description;
}

/** The first chunk of an stsc entry, from 0; entries must ascend and stay among the chunks there are. */
function expectChunk(stsc: Uint32Array, at: number, chunks: number): number {
  const number = stsc[at] ?? 0;
  const isInOrder = at === 0 ? number === 1 : number > (stsc[at - 3] ?? 0);
  if (!isInOrder || number > chunks || stsc[at + 1] === 0) {
    throw corruptBox(
      'stsc',
      `has an entry for ${stsc[at + 1] ?? 0} samples from chunk ${number} of ${chunks} on`,
    );
  }
  return number - 1;
}

function placeChunk(
  offset: number,
  first: number,
  count: number,
  media: MediaData,
  into: SampleTableBuilder,
): void {
  let length = 0;
  for (let i = first; i < first + count; i++) {
    length += into.sizes[i] ?? 0;
  }
  media.expectHolds(offset, length, 'stco');
  into.addChunk(offset, count, length);
}

/** One sample entry for the whole object: a second one would need a file that no browser opens. */
export function sameDescription(known: number, next: number, box: string): number {
  if (next === 0) {
    throw corruptBox(box, 'names sample description 0, they count from 1');
  }
  if (known !== 0 && known !== next) {
    throw new ExportError('CodecUnsupported', {
      message: `the ${box} box changes the codec configuration inside the object`,
      details: { box, descriptions: [known, next] },
    });
  }
  return next;
}
