import type { Random } from './random';

/** Changes bytes in the ways in which they go wrong: by accident, and by somebody who knows the format. */

type Mutation = (bytes: Buffer, random: Random) => Buffer;

interface FoundBox {
  readonly offset: number;
  readonly sizeBytes: number;
  /** Offsets of the boxes around it. */
  readonly parents: readonly number[];
}

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
const CONTAINERS: ReadonlySet<string> = new Set(
  'moov trak edts mdia minf dinf stbl mvex moof traf'.split(' '),
);

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  changeBytes,
  changeBytes,
  changeWord,
  changeLongWord,
  changeField,
  changeField,
  changeField,
  resizeBox,
  dropBox,
  repeatBox,
  moveBox,
  cutShort,
  cutOut,
  repeatBytes,
];

/** One to four changes, one after another. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let changed = Buffer.from(bytes);
  for (let changes = 1 + random.below(4); changes > 0 && changed.length > 8; changes--) {
    changed = Buffer.from(random.oneOf(MUTATIONS)(changed, random));
  }
  return changed;
}

function changeBytes(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random.below(4); count > 0; count--) {
    bytes[random.below(bytes.length)] = random.below(256);
  }
  return bytes;
}

function changeWord(bytes: Buffer, random: Random): Buffer {
  bytes.writeUInt32BE(random.oneOf(WORDS), random.below(bytes.length - 3));
  return bytes;
}

function changeLongWord(bytes: Buffer, random: Random): Buffer {
  bytes.writeBigUInt64BE(random.oneOf(LONG_WORDS), random.below(bytes.length - 7));
  return bytes;
}

/** A 32-bit or 64-bit field of a box, to a value at one of its borders. */
function changeField(bytes: Buffer, random: Random): Buffer {
  const box = someBox(bytes, random);
  const words = box === undefined ? 0 : Math.floor(box.sizeBytes / 4);
  if (box === undefined || words < 3) {
    return bytes;
  }
  // Fields stand at the beginning more often than not.
  const at = box.offset + 4 * (2 + random.below(random.below(2) === 0 ? Math.min(6, words - 2) : words - 2));
  if (random.below(4) === 0 && at + 8 <= bytes.length) {
    bytes.writeBigUInt64BE(random.oneOf(LONG_WORDS), at);
  } else {
    const near = bytes.readUInt32BE(at) + random.below(5) - 2;
    bytes.writeUInt32BE((random.below(2) === 0 ? near : random.oneOf(WORDS)) >>> 0, at);
  }
  return bytes;
}

/** A box that lies about its size, with or without those around it. */
function resizeBox(bytes: Buffer, random: Random): Buffer {
  const box = someBox(bytes, random);
  if (box !== undefined) {
    const change = random.below(33) - 16;
    const size = random.below(2) === 0 ? random.oneOf(WORDS) : box.sizeBytes + change;
    bytes.writeUInt32BE(size >>> 0, box.offset);
    if (random.below(2) === 0) {
      resizeAround(bytes, box, change);
    }
  }
  return bytes;
}

function dropBox(bytes: Buffer, random: Random): Buffer {
  const box = someBox(bytes, random);
  if (box === undefined) {
    return bytes;
  }
  resizeAround(bytes, box, -box.sizeBytes);
  return Buffer.concat([bytes.subarray(0, box.offset), bytes.subarray(box.offset + box.sizeBytes)]);
}

function repeatBox(bytes: Buffer, random: Random): Buffer {
  const box = someBox(bytes, random);
  if (box === undefined) {
    return bytes;
  }
  const end = box.offset + box.sizeBytes;
  const times = 1 + random.below(random.below(8) === 0 ? 300 : 3);
  resizeAround(bytes, box, times * box.sizeBytes);
  const again = Array.from({ length: times }, () => bytes.subarray(box.offset, end));
  return Buffer.concat([bytes.subarray(0, end), ...again, bytes.subarray(end)]);
}

/** A box in the place of another: sizes around it may then be wrong, which is as good. */
function moveBox(bytes: Buffer, random: Random): Buffer {
  const from = someBox(bytes, random);
  const to = someBox(bytes, random);
  if (from === undefined || to === undefined) {
    return bytes;
  }
  const moved = Buffer.from(bytes.subarray(from.offset, from.offset + from.sizeBytes));
  resizeAround(bytes, to, moved.length);
  return Buffer.concat([bytes.subarray(0, to.offset), moved, bytes.subarray(to.offset)]);
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

function someBox(bytes: Buffer, random: Random): FoundBox | undefined {
  const boxes = boxesIn(bytes, 0, bytes.length, []);
  return boxes[random.below(boxes.length)];
}

function boxesIn(bytes: Buffer, from: number, end: number, parents: readonly number[]): FoundBox[] {
  const boxes: FoundBox[] = [];
  for (let at = from; at + 8 <= end;) {
    const sizeBytes = bytes.readUInt32BE(at);
    if (sizeBytes < 8 || at + sizeBytes > end) {
      break;
    }
    boxes.push({ offset: at, sizeBytes, parents });
    if (CONTAINERS.has(bytes.toString('latin1', at + 4, at + 8)) && parents.length < 8) {
      boxes.push(...boxesIn(bytes, at + 8, at + sizeBytes, [...parents, at]));
    }
    at += sizeBytes;
  }
  return boxes;
}

function resizeAround(bytes: Buffer, box: FoundBox, change: number): void {
  for (const parent of box.parents) {
    bytes.writeUInt32BE((bytes.readUInt32BE(parent) + change) >>> 0, parent);
  }
}
