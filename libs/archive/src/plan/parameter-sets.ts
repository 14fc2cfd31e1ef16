import type { TrackDescription } from '@clipmesh/media';
import { boxesOf } from './sample-entry-identity';

/** How a sample entry brings the parameter sets of its codec. */
export interface ParameterSets {
  /** Entries of one family differ in their parameter sets only: `avc1` and `avc3`, `hvc1` and `hev1`. */
  readonly family: string;
  /** Four characters of the box that holds them. */
  readonly box: string;
  /** Bytes of the length before each NAL unit; 0 where samples have no NAL units. */
  readonly lengthBytes: number;
  /** The sets as they stand in a sample, each behind its length. Empty where every sync sample has its own anyway. */
  readonly bytes: Uint8Array;
  /** One by one. */
  readonly nals: readonly Uint8Array[];
}

const FAMILIES: Readonly<Record<string, readonly [family: string, box: string]>> = {
  avc1: ['H.264', 'avcC'],
  avc3: ['H.264', 'avcC'],
  hvc1: ['H.265', 'hvcC'],
  hev1: ['H.265', 'hvcC'],
  // A sync sample begins with a sequence header (AV1 in ISO-BMFF §2.4), a key frame of VP9 says all about itself.
  av01: ['AV1', 'av1C'],
  vp09: ['VP9', 'vpcC'],
};

/** VPS, SPS and PPS of H.265, in the order in which a decoder needs them. */
const HEVC_SETS: readonly number[] = [32, 33, 34];

/** `undefined` where a configuration cannot stand in band, or is damaged. */
export function parameterSetsOf(track: TrackDescription): ParameterSets | undefined {
  const [family, box] = FAMILIES[Buffer.from(track.sampleEntry).toString('latin1', 4, 8)] ?? [];
  if (track.kind !== 'video' || family === undefined || box === undefined) {
    return undefined;
  }
  const found = boxesOf(track).find((one) => one.toString('latin1', 4, 8) === box);
  if (found === undefined) {
    return undefined;
  }
  const record = new RecordReader(found.subarray(8));
  const sets =
    family === 'H.264'
      ? avcSets(record)
      : family === 'H.265'
        ? hevcSets(record)
        : { lengthBytes: 0, nals: [] };
  return record.isPassed ? undefined : { family, box, ...sets, bytes: measured(sets.nals, sets.lengthBytes) };
}

interface NalUnits {
  readonly lengthBytes: number;
  readonly nals: readonly Uint8Array[];
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1. */
function avcSets(record: RecordReader): NalUnits {
  record.bytes(4);
  const lengthBytes = (record.u8() & 3) + 1;
  const sps = Array.from({ length: record.u8() & 31 }, () => record.bytes(record.u16()));
  const pps = Array.from({ length: record.u8() }, () => record.bytes(record.u16()));
  return { lengthBytes, nals: [...sps, ...pps] };
}

/** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1. */
function hevcSets(record: RecordReader): NalUnits {
  record.bytes(21);
  const lengthBytes = (record.u8() & 3) + 1;
  const found: { readonly type: number; readonly nal: Uint8Array }[] = [];
  for (let arrays = record.u8(); arrays > 0; arrays--) {
    const type = record.u8() & 63;
    for (let count = record.u16(); count > 0 && !record.isPassed; count--) {
      found.push({ type, nal: record.bytes(record.u16()) });
    }
  }
  const nals = HEVC_SETS.flatMap((type) => found.filter((one) => one.type === type).map(({ nal }) => nal));
  return { lengthBytes, nals };
}

function measured(nals: readonly Uint8Array[], lengthBytes: number): Uint8Array {
  return Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUIntBE(nal.length, 0, lengthBytes);
      return [length, nal];
    }),
  );
}

/** Reads on and on; what lies behind the end is 0, and noted. */
class RecordReader {
  isPassed = false;
  private at = 0;

  constructor(private readonly record: Uint8Array) {}

  bytes(length: number): Uint8Array {
    const bytes = this.record.subarray(this.at, this.at + length);
    this.at += length;
    this.isPassed ||= this.at > this.record.length;
    return bytes;
  }

  u8(): number {
    return this.bytes(1)[0] ?? 0;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }
}
