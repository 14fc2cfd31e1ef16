import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes, required } from './box';
import { readCo64 } from './co64';
import { readCtts } from './ctts';
import { readStco } from './stco';
import { readStsc } from './stsc';
import { readStsd } from './stsd';
import { readStss } from './stss';
import { readStsz, type SampleSizes } from './stsz';
import { readStts } from './stts';
import { readStz2 } from './stz2';

/** Sample table (ISO/IEC 14496-12 §8.5.1), once, in minf: the tables as they stand in the file. */
export interface Stbl {
  readonly sampleEntries: readonly Uint8Array[];
  /** Pairs: count, duration. */
  readonly stts: Uint32Array;
  /** Pairs: count, offset in two's complement. */
  readonly ctts: Uint32Array | undefined;
  /** Absent when every sample is a sync sample. */
  readonly stss: Uint32Array | undefined;
  /** Triples: first chunk, samples per chunk, description. */
  readonly stsc: Uint32Array;
  readonly sizes: SampleSizes;
  readonly chunkOffsets: Float64Array;
}

const READERS = {
  stsd: (found: Found, body: ByteReader) => (found.sampleEntries = readStsd(body)),
  stts: (found: Found, body: ByteReader) => (found.stts = readStts(body)),
  ctts: (found: Found, body: ByteReader) => (found.ctts = readCtts(body)),
  stss: (found: Found, body: ByteReader) => (found.stss = readStss(body)),
  stsc: (found: Found, body: ByteReader) => (found.stsc = readStsc(body)),
  stsz: (found: Found, body: ByteReader) => (found.sizes = readStsz(body)),
  stz2: (found: Found, body: ByteReader) => (found.sizes = readStz2(body)),
  stco: (found: Found, body: ByteReader) => (found.chunkOffsets = readStco(body)),
  co64: (found: Found, body: ByteReader) => (found.chunkOffsets = readCo64(body)),
};

type Found = { -readonly [K in keyof Stbl]?: Stbl[K] };

export function readStbl(body: ByteReader): Stbl {
  const found: Found = {};
  for (const box of childBoxes(body)) {
    if (Object.hasOwn(READERS, box.type)) {
      // hasOwn has just shown that the type is one of the keys.
      READERS[box.type as keyof typeof READERS](found, box.body);
    }
  }
  return {
    sampleEntries: required(found.sampleEntries, 'stbl', 'stsd'),
    stts: required(found.stts, 'stbl', 'stts'),
    ctts: found.ctts,
    stss: found.stss,
    stsc: required(found.stsc, 'stbl', 'stsc'),
    sizes: required(found.sizes, 'stbl', 'stsz'),
    chunkOffsets: required(found.chunkOffsets, 'stbl', 'stco'),
  };
}
