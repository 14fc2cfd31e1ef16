import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

const DATA_OFFSET = 0x001;
const FIRST_SAMPLE_FLAGS = 0x004;
const DURATIONS = 0x100;
const SIZES = 0x200;
const FLAGS = 0x400;
const COMPOSITION_OFFSETS = 0x800;

/** Track run (ISO/IEC 14496-12 §8.8.8), in traf: samples that lie together. What is absent follows from defaults. */
export interface Trun {
  readonly count: number;
  /** From the traf's base; without it the run follows the one before. */
  readonly dataOffset?: number;
  readonly firstSampleFlags?: number;
  readonly durations?: Uint32Array;
  readonly sizes?: Uint32Array;
  readonly flags?: Uint32Array;
  /** Version 0 is unsigned by the letter; 2^31 and more is negative there too, as every player reads it. */
  readonly compositionOffsets?: Int32Array;
}

export function readTrun(body: ByteReader): Trun {
  const { flags } = readFullBox(body, 1);
  const count = body.u32();
  const header = {
    count,
    ...(flags & DATA_OFFSET ? { dataOffset: body.i32() } : {}),
    ...(flags & FIRST_SAMPLE_FLAGS ? { firstSampleFlags: body.u32() } : {}),
  };
  const wordsPerSample = [DURATIONS, SIZES, FLAGS, COMPOSITION_OFFSETS].filter((bit) => flags & bit).length;
  body.expectRoomFor(count, wordsPerSample * 4);
  const words = body.u32s(count * wordsPerSample);
  body.expectEnd();
  let next = 0;
  const column = (bit: number): Uint32Array | undefined =>
    flags & bit ? everyNth(words, next++, wordsPerSample) : undefined;
  const durations = column(DURATIONS);
  const sizes = column(SIZES);
  const sampleFlags = column(FLAGS);
  const compositionOffsets = column(COMPOSITION_OFFSETS);
  return {
    ...header,
    ...(durations && { durations }),
    ...(sizes && { sizes }),
    ...(sampleFlags && { flags: sampleFlags }),
    ...(compositionOffsets && { compositionOffsets: new Int32Array(compositionOffsets.buffer) }),
  };
}

function everyNth(words: Uint32Array, first: number, step: number): Uint32Array {
  const column = new Uint32Array(words.length / step);
  for (let i = 0, at = first; i < column.length; i++, at += step) {
    column[i] = words[at] ?? 0;
  }
  return column;
}

export function writeTrun(w: BoxWriter, trun: Trun): void {
  const columns = [
    [DURATIONS, trun.durations],
    [SIZES, trun.sizes],
    [FLAGS, trun.flags],
    [COMPOSITION_OFFSETS, trun.compositionOffsets],
  ] as const;
  const present = columns.reduce((bits, [bit, column]) => (column ? bits | bit : bits), 0);
  const data = trun.dataOffset === undefined ? 0 : DATA_OFFSET;
  const first = trun.firstSampleFlags === undefined ? 0 : FIRST_SAMPLE_FLAGS;
  const version = trun.compositionOffsets?.some((offset) => offset < 0) ? 1 : 0;
  w.fullBox('trun', version, present | data | first, () => {
    w.u32(trun.count);
    if (trun.dataOffset !== undefined) {
      w.u32(trun.dataOffset);
    }
    if (trun.firstSampleFlags !== undefined) {
      w.u32(trun.firstSampleFlags);
    }
    for (let i = 0; i < trun.count; i++) {
      for (const [, column] of columns) {
        if (column) {
          w.u32(column[i] ?? 0);
        }
      }
    }
  });
}
