import type { Random } from './random';

/** Changes of bytes that know nothing of what they say. */
export type Mutation = (bytes: Buffer, random: Random) => Buffer;

const WORDS = [
  0, 1, 2, 7, 8, 15, 16, 0xff, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
] as const;
const LONG_WORDS = [
  0n,
  1n,
  0xffff_ffffn,
  0x1_0000_0000n,
  1n << 52n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
] as const;

export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const mutation: Mutation = random.weighted([
    [4, changeBytes],
    [3, changeWord],
    [2, changeLongWord],
    [1, cutShort],
    [1, cutOut],
    [1, repeatBytes],
  ]);
  return bytes.length <= 8 ? bytes : mutation(bytes, random);
}

export function changeBytes(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0; count--) {
    changed[random.below(bytes.length)] = random.below(256);
  }
  return changed;
}

/** The word at a place, near to what it was or at one of its borders; or both words there as one of 64 bits. */
export function changeWordAt(bytes: Buffer, at: number, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  if (at + 8 <= bytes.length && random.oneIn(6)) {
    changed.writeBigUInt64BE(random.oneOf(LONG_WORDS), at);
  } else if (at + 4 <= bytes.length) {
    const near = bytes.readUInt32BE(at) + random.below(5) - 2;
    changed.writeUInt32BE((random.oneIn(2) ? near : random.oneOf(WORDS)) >>> 0, at);
  }
  return changed;
}

export function someWord(random: Random): number {
  return random.oneOf(WORDS);
}

function changeWord(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32BE(someWord(random), random.below(bytes.length - 3));
  return changed;
}

function changeLongWord(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64BE(random.oneOf(LONG_WORDS), random.below(bytes.length - 7));
  return changed;
}

function cutShort(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.below(bytes.length));
}

function cutOut(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64))]);
}

function repeatBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  const end = at + 1 + random.below(64);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
}
