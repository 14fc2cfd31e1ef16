/** What of a sequence parameter set (ITU-T H.264 §7.3.2.1.1) says whether another encoder can go on with its pictures. */
export interface SequenceParameters {
  readonly id: number;
  readonly profile: number;
  /** 1: 4:2:0. */
  readonly chromaFormat: number;
  readonly bitDepth: number;
  /** Frames only, no fields. */
  readonly isProgressive: boolean;
}

/** Profiles that tell of chroma and bit depth. */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

/** Reads a damaged set, too, as if it went on with zeros: nothing of it is trusted but in comparisons. */
export function readSequenceParameters(nal: Uint8Array): SequenceParameters {
  const bits = new BitReader(nal);
  const profile = bits.bits(8);
  bits.bits(16);
  const id = bits.golomb();
  let [chromaFormat, bitDepth] = [1, 8];
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = bits.golomb();
    bits.bits(chromaFormat === 3 ? 1 : 0);
    bitDepth = 8 + Math.max(bits.golomb(), bits.golomb());
    bits.bits(1);
    if (bits.bits(1) === 1) {
      skipScalingLists(bits, chromaFormat === 3 ? 12 : 8);
    }
  }
  bits.golomb();
  skipOrderCount(bits);
  // Reference frames, whether numbers may be missing, and the size.
  bits.golomb();
  bits.bits(1);
  bits.golomb();
  bits.golomb();
  return { id, profile, chromaFormat, bitDepth, isProgressive: bits.bits(1) === 1 };
}

export function canEncodeLike({ chromaFormat, bitDepth, isProgressive }: SequenceParameters): boolean {
  return chromaFormat === 1 && bitDepth === 8 && isProgressive;
}

/** ITU-T H.264 §7.3.2.2. */
export function pictureParameterSetId(nal: Uint8Array): number {
  return new BitReader(nal).golomb();
}

/** ITU-T H.264 §7.3.2.1.1.1. */
function skipScalingLists(bits: BitReader, count: number): void {
  for (let list = 0; list < count; list++) {
    if (bits.bits(1) === 0) {
      continue;
    }
    let [last, next] = [8, 8];
    for (let i = 0; i < (list < 6 ? 16 : 64) && next !== 0; i++) {
      next = (last + bits.signedGolomb() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

function skipOrderCount(bits: BitReader): void {
  const type = bits.golomb();
  if (type === 0) {
    bits.golomb();
  } else if (type === 1) {
    bits.bits(1);
    bits.golomb();
    bits.golomb();
    for (let frames = Math.min(bits.golomb(), 255); frames > 0; frames--) {
      bits.golomb();
    }
  }
}

/** Bits of a NAL unit behind its header, without what keeps start codes out of it (ITU-T H.264 §7.4.1). */
class BitReader {
  private readonly bytes: number[] = [];
  private at = 0;

  constructor(nal: Uint8Array) {
    let zeros = 0;
    for (const byte of nal.subarray(1)) {
      if (zeros >= 2 && byte === 3) {
        zeros = 0;
      } else {
        this.bytes.push(byte);
        zeros = byte === 0 ? zeros + 1 : 0;
      }
    }
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      value = value * 2 + (((this.bytes[this.at >> 3] ?? 0) >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  /** ue(v), ITU-T H.264 §9.1. */
  golomb(): number {
    let zeros = 0;
    while (zeros < 32 && this.bits(1) === 0) {
      zeros++;
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v). */
  signedGolomb(): number {
    const code = this.golomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
