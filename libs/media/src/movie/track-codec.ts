import { ExportError } from '@clipmesh/errors';
import { VarintReader } from '../bytes/varint-reader';
import { VarintWriter } from '../bytes/varint-writer';
import { ticks } from '../time/ticks';
import { readColumn, writeColumn } from './column-codec';
import { gopStarts } from './gops';
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
const makeUnsigned = (count: number): Uint32Array => new Uint32Array(count);
/** Of a sample in memory: three columns of words, one of bytes. */
const COLUMN_BYTES = 13;
const makeDoubles = (count: number): Float64Array => new Float64Array(count);

export function encodeTrackIndex(track: TrackIndex): Uint8Array {
  const w = new VarintWriter(1024 + 4 * track.samples.count);
  w.u8(FORMAT);
  writeDescription(w, track);
  w.signed(track.decodeStart);
  writeSamples(w, track.samples);
  return w.toBytes();
}

export function decodeTrackIndex(bytes: Uint8Array): TrackIndex {
  const r = new VarintReader(bytes, 'track index');
  const format = r.u8();
  if (format !== FORMAT) {
    throw new ExportError('FormatUnsupported', {
      message: `a track index has format ${format}, known is ${FORMAT}`,
      details: { format },
    });
  }
  const description = readDescription(r);
  const decodeStart = ticks(r.signed());
  const samples = readSamples(r);
  r.expectEnd();
  return { ...description, decodeStart, samples };
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
  const timescale = r.atMost(MAX_TIMESCALE, 'ticks a second');
  if (timescale === 0) {
    throw r.refuse('has a timescale of 0');
  }
  return {
    kind,
    timescale,
    sampleEntry: r.blob(),
    codec: r.text(),
    width: r.unsigned(),
    height: r.unsigned(),
    matrix: Array.from({ length: 9 }, () => r.signed()),
    language: r.text(),
  };
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

function readSamples(r: VarintReader): SampleTable {
  const count = r.atMost(MOST_SAMPLES, 'samples');
  // One buffer for all columns: a day's layout makes tens of thousands of tables. Made when the first column is believed.
  let buffer = new ArrayBuffer(0);
  const sizes = readColumn(r, count, () => {
    buffer = new ArrayBuffer(COLUMN_BYTES * count);
    return new Uint32Array(buffer, 0, count);
  });
  const durations = readColumn(r, count, () => new Uint32Array(buffer, 4 * count, count));
  const compositionOffsets = readColumn(r, count, () => new Int32Array(buffer, 8 * count, count));
  const syncs = new Uint8Array(buffer, 12 * count, count);
  readSyncs(r, syncs);
  const chunks = r.atMost(count, 'chunks');
  const gaps = readColumn(r, chunks, makeDoubles);
  const chunkSampleCounts = readColumn(r, chunks, makeUnsigned);
  if (chunkSampleCounts.reduce((sum, samples) => sum + samples, 0) !== count) {
    throw r.refuse(`has chunks that do not hold its ${count} samples`);
  }
  const chunkOffsets = placeChunks(r, gaps, chunkSampleCounts, sizes);
  return { count, sizes, durations, compositionOffsets, syncs, chunkOffsets, chunkSampleCounts };
}

function readSyncs(r: VarintReader, syncs: Uint8Array): void {
  const count = syncs.length;
  const starts = r.atMost(count, 'sync samples');
  const steps = readColumn(r, starts, makeUnsigned);
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

function placeChunks(
  r: VarintReader,
  gaps: Float64Array,
  counts: Uint32Array,
  sizes: Uint32Array,
): Float64Array {
  let end = 0;
  let sample = 0;
  return gaps.map((gap, i) => {
    const offset = end + gap;
    if (offset < 0 || !Number.isSafeInteger(offset)) {
      throw r.refuse(`has a chunk at byte ${offset}`);
    }
    const samples = counts[i] ?? 0;
    end = offset + sumOfSizes(sizes, sample, sample + samples);
    sample += samples;
    return offset;
  });
}
