import { ExportError } from '@clipmesh/errors';
import { VarintReader } from '../bytes/varint-reader';
import { VarintWriter } from '../bytes/varint-writer';
import { ticks } from '../time/ticks';
import { readColumn, writeColumn } from './column-codec';
import { gopStarts } from './gops';
import { SampleScratch } from './sample-scratch';
import { MOST_SAMPLES } from './sample-table-builder';
import type { SampleTable } from './sample-table';
import { sumOfSizes } from './slice-sample-table';
import type { TrackDescription, TrackIndex, TrackKind } from './track';

/**
 * The compact form of a track's index, 2 to 4 bytes a sample:
 *
 *     format (1 byte)
 *     description: kind (1 byte), timescale, sample entry, codec, width, height, matrix (9), language
 *     decode start
 *     samples: count, columns sizes, durations, composition offsets
 *              sync samples: how many, column of steps from one to the next
 *              chunks: how many, column of gaps from the end of one to the next, column of sample counts
 */
const FORMAT = 1;
const KINDS: readonly TrackKind[] = ['video', 'audio'];
const MAX_TIMESCALE = 2 ** 32 - 1;
const MATRIX_NUMBERS = 9;

export function encodeTrackIndex(track: TrackIndex): Uint8Array {
  const w = new VarintWriter(1024 + 4 * track.samples.count);
  w.u8(FORMAT);
  writeDescription(w, track);
  w.signed(track.decodeStart);
  writeSamples(w, track.samples);
  return w.toBytes();
}

export function decodeTrackIndex(bytes: Uint8Array): TrackIndex {
  const r = openTrackIndex(bytes);
  const description = readDescription(r);
  const decodeStart = ticks(r.signed());
  const samples = readSamples(r, new SampleScratch());
  r.expectEnd();
  return { ...description, decodeStart, samples };
}

/**
 * As {@link decodeTrackIndex}, for those who know what the track is. With a scratch the table is good until the next one is
 * read into it.
 */
export function decodeTrackSamples(
  bytes: Uint8Array,
  scratch = new SampleScratch(),
): Pick<TrackIndex, 'timescale' | 'samples'> {
  const r = openTrackIndex(bytes);
  const timescale = skipDescription(r);
  r.signed(); // decode start
  const samples = readSamples(r, scratch);
  r.expectEnd();
  return { timescale, samples };
}

function openTrackIndex(bytes: Uint8Array): VarintReader {
  const r = new VarintReader(bytes, 'track index');
  const format = r.u8();
  if (format !== FORMAT) {
    throw new ExportError('FormatUnsupported', {
      message: `a track index has format ${format}, known is ${FORMAT}`,
      details: { format },
    });
  }
  return r;
}

function writeDescription(w: VarintWriter, track: TrackDescription): void {
  w.u8(KINDS.indexOf(track.kind));
  w.unsigned(track.timescale);
  w.blob(track.sampleEntry);
  w.text(track.codec);
  w.unsigned(track.width);
  w.unsigned(track.height);
  track.matrix.forEach((value) => {
    w.signed(value);
  });
  w.text(track.language);
}

function readDescription(r: VarintReader): TrackDescription {
  const kind = KINDS[r.u8()];
  if (kind === undefined) {
    throw r.refuse('is of a track that is neither video nor audio');
  }
  return {
    kind,
    timescale: readTimescale(r),
    sampleEntry: r.blob(),
    codec: r.text(),
    width: r.unsigned(),
    height: r.unsigned(),
    matrix: Array.from({ length: MATRIX_NUMBERS }, () => r.signed()),
    language: r.text(),
  };
}

/** Returns the timescale. */
function skipDescription(r: VarintReader): number {
  r.u8(); // kind
  const timescale = readTimescale(r);
  r.skipBlob(); // sample entry
  r.skipBlob(); // codec
  r.unsigned();
  r.unsigned();
  for (let i = 0; i < MATRIX_NUMBERS; i++) {
    r.signed();
  }
  r.skipBlob(); // language
  return timescale;
}

function readTimescale(r: VarintReader): number {
  const timescale = r.atMost(MAX_TIMESCALE, 'ticks a second');
  if (timescale === 0) {
    throw r.refuse('has a timescale of 0');
  }
  return timescale;
}

function writeSamples(w: VarintWriter, table: SampleTable): void {
  w.unsigned(table.count);
  writeColumn(w, table.sizes);
  writeColumn(w, table.durations);
  writeColumn(w, table.compositionOffsets);
  const starts = gopStarts(table);
  w.unsigned(starts.length);
  writeColumn(
    w,
    starts.map((start, i) => start - (i === 0 ? 0 : (starts[i - 1] ?? 0))),
  );
  w.unsigned(table.chunkOffsets.length);
  writeColumn(w, chunkGaps(table));
  writeColumn(w, table.chunkSampleCounts);
}

function readSamples(r: VarintReader, scratch: SampleScratch): SampleTable {
  const count = r.atMost(MOST_SAMPLES, 'samples');
  const sizes = readColumn(r, count, scratch.sizes.take);
  const durations = readColumn(r, count, scratch.durations.take);
  const compositionOffsets = readColumn(r, count, scratch.compositionOffsets.take);
  const syncs = scratch.syncs.take(count);
  readSyncs(r, syncs, scratch);
  const chunks = r.atMost(count, 'chunks');
  const chunkOffsets = readColumn(r, chunks, scratch.chunkOffsets.take);
  const chunkSampleCounts = readColumn(r, chunks, scratch.chunkSampleCounts.take);
  if (chunkSampleCounts.reduce((sum, samples) => sum + samples, 0) !== count) {
    throw r.refuse(`has chunks that do not hold its ${count} samples`);
  }
  placeChunks(r, chunkOffsets, chunkSampleCounts, sizes);
  return { count, sizes, durations, compositionOffsets, syncs, chunkOffsets, chunkSampleCounts };
}

function readSyncs(r: VarintReader, syncs: Uint8Array, scratch: SampleScratch): void {
  const count = syncs.length;
  const starts = r.atMost(count, 'sync samples');
  const steps = readColumn(r, starts, scratch.syncSteps.take);
  syncs.fill(0);
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? 0;
    at += step;
    if (at >= count || (step === 0 && i > 0)) {
      throw r.refuse(`has sync sample ${at} of ${count}, ${step} behind the one before`);
    }
    syncs[at] = 1;
  }
}

/** Bytes from the end of one chunk to the next, the first from 0: other tracks and boxes lie between. */
function chunkGaps(table: SampleTable): Float64Array {
  let end = 0;
  let sample = 0;
  return table.chunkOffsets.map((offset, i) => {
    const samples = table.chunkSampleCounts[i] ?? 0;
    const gap = offset - end;
    end = offset + sumOfSizes(table.sizes, sample, sample + samples);
    sample += samples;
    return gap;
  });
}

/** Makes offsets of the gaps. */
function placeChunks(r: VarintReader, gaps: Float64Array, counts: Uint32Array, sizes: Uint32Array): void {
  let end = 0;
  let sample = 0;
  for (let i = 0; i < gaps.length; i++) {
    const offset = end + (gaps[i] ?? 0);
    if (offset < 0 || !Number.isSafeInteger(offset)) {
      throw r.refuse(`has a chunk at byte ${offset}`);
    }
    const samples = counts[i] ?? 0;
    gaps[i] = offset;
    end = offset + sumOfSizes(sizes, sample, sample + samples);
    sample += samples;
  }
}
