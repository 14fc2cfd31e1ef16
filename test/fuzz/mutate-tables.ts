import { boxesIn, splice, type FoundBox } from './found-box';
import { changeWordAt, someWord } from './mutate-bytes';
import type { Random } from './random';

/** Changes of a box's own fields: by one entry, by its count, by version and flags. Boxes around it stay right. */

/** Offsets from the beginning of the body, version and flags included. */
interface TableLayout {
  /** Absent in a box without entries. */
  readonly countAt?: number;
  readonly firstAt: number;
  readonly entryBytes: number;
}

const COUNTED = { countAt: 4, firstAt: 8 } as const;
const FIELDS: TableLayout = { firstAt: 4, entryBytes: 4 };
const LAYOUTS: Readonly<Record<string, TableLayout>> = {
  stts: { ...COUNTED, entryBytes: 8 },
  ctts: { ...COUNTED, entryBytes: 8 },
  stsc: { ...COUNTED, entryBytes: 12 },
  stco: { ...COUNTED, entryBytes: 4 },
  co64: { ...COUNTED, entryBytes: 8 },
  stss: { ...COUNTED, entryBytes: 4 },
  elst: { ...COUNTED, entryBytes: 12 },
  trun: { ...COUNTED, entryBytes: 4 },
  stsz: { countAt: 8, firstAt: 12, entryBytes: 4 },
  stz2: { countAt: 8, firstAt: 12, entryBytes: 1 },
  sgpd: { countAt: 8, firstAt: 12, entryBytes: 4 },
  sbgp: { countAt: 8, firstAt: 12, entryBytes: 8 },
  ...Object.fromEntries(
    'tfhd tfdt trex mvhd mdhd tkhd mfhd hdlr dref esds avcC hvcC av1C vpcC chan stsd'
      .split(' ')
      .map((type) => [type, FIELDS] as const),
  ),
};
const VERSIONS = [0, 1, 1, 2, 255] as const;
/** Of trun: what stands for each sample. Of tfhd: what stands once. */
const OPTIONAL_WORDS: Readonly<Record<string, readonly [number, ...number[]]>> = {
  trun: [0x100, 0x200, 0x400, 0x800],
  tfhd: [0x02, 0x08, 0x10, 0x20],
};

export function mutateTable(bytes: Buffer, random: Random): Buffer {
  const tables = boxesIn(bytes).filter(({ type }) => type in LAYOUTS);
  const table = tables[random.below(tables.length)];
  if (table === undefined) {
    return bytes;
  }
  const change = random.weighted([
    [8, changeEntry],
    [3, changeCount],
    [4, addOrDropEntries],
    [2, swapEntries],
    [2, changeVersionOrFlags],
    [2, changeOptionalWords],
    [2, rewriteTable],
    [1, changeBody],
  ]);
  return change(bytes, table, random);
}

const bodyOf = (box: FoundBox): number => box.offset + box.headerBytes;
const layoutOf = (box: FoundBox): TableLayout => LAYOUTS[box.type] ?? FIELDS;

function roomOf(box: FoundBox): number {
  const { firstAt, entryBytes } = layoutOf(box);
  return Math.max(0, Math.floor((box.sizeBytes - box.headerBytes - firstAt) / entryBytes));
}

function changeEntry(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const words = Math.floor((box.sizeBytes - box.headerBytes - 4) / 4);
  return words < 1 ? bytes : changeWordAt(bytes, bodyOf(box) + 4 + 4 * random.below(words), random);
}

/** A count that lies: by one or two, or by billions. */
function changeCount(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const { countAt } = layoutOf(box);
  return countAt === undefined
    ? changeEntry(bytes, box, random)
    : changeWordAt(bytes, bodyOf(box) + countAt, random);
}

/** With a count that tells of it. */
function addOrDropEntries(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const { countAt, firstAt, entryBytes } = layoutOf(box);
  const room = roomOf(box);
  if (countAt === undefined || room === 0) {
    return changeEntry(bytes, box, random);
  }
  const entry = random.below(room);
  const at = bodyOf(box) + firstAt + entry * entryBytes;
  const isDropped = random.oneIn(2);
  const copies = isDropped ? 1 + random.below(room - entry) : 1 + random.below(random.oneIn(8) ? 64 : 3);
  const added = Array.from({ length: isDropped ? 0 : copies }, () => bytes.subarray(at, at + entryBytes));
  const around = [...box.parents, box];
  const changed = splice(bytes, around, at, isDropped ? copies * entryBytes : 0, Buffer.concat(added));
  const count = bytes.readUInt32BE(bodyOf(box) + countAt) + (isDropped ? -copies : copies);
  changed.writeUInt32BE(count >>> 0, bodyOf(box) + countAt);
  return changed;
}

function swapEntries(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const { firstAt, entryBytes } = layoutOf(box);
  const room = roomOf(box);
  if (room < 2) {
    return changeEntry(bytes, box, random);
  }
  const [one, other] = [random.below(room), random.below(room)].map(
    (entry) => bodyOf(box) + firstAt + entry * entryBytes,
  ) as [number, number]; // map keeps the length
  const changed = Buffer.from(bytes);
  bytes.copy(changed, one, other, other + entryBytes);
  bytes.copy(changed, other, one, one + entryBytes);
  return changed;
}

function changeVersionOrFlags(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const at = bodyOf(box);
  if (at + 4 > bytes.length) {
    return bytes;
  }
  if (random.oneIn(2)) {
    changed[at] = random.oneOf(VERSIONS);
  } else {
    changed.writeUInt32BE((bytes.readUInt32BE(at) ^ (1 << random.below(24))) >>> 0, at);
  }
  return changed;
}

/** A field that comes or goes with its flag, in a track run for every sample. */
function changeOptionalWords(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const bits = OPTIONAL_WORDS[box.type];
  if (bits === undefined || box.sizeBytes < box.headerBytes + 8) {
    return changeVersionOrFlags(bytes, box, random);
  }
  const bit = random.oneOf(bits);
  const at = bodyOf(box);
  const flags = bytes.readUInt32BE(at);
  const isDropped = (flags & bit) !== 0;
  const times = box.type === 'trun' ? Math.min(bytes.readUInt32BE(at + 4), 4096) : 1;
  // The last words, not the bit's own: entries then say something else, and their box still measures right.
  const end = box.offset + box.sizeBytes;
  const removed = isDropped ? Math.min(4 * times, box.sizeBytes - box.headerBytes - 8) : 0;
  const added = Buffer.alloc(isDropped ? 0 : 4 * times);
  for (let word = 0; word < added.length; word += 4) {
    added.writeUInt32BE(random.oneIn(8) ? someWord(random) : random.below(64), word);
  }
  const changed = splice(bytes, [...box.parents, box], end - removed, removed, added);
  changed.writeUInt32BE((flags ^ bit) >>> 0, at);
  return changed;
}

/** The same facts in the other form that the standard has for them. */
function rewriteTable(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const body = bytes.subarray(bodyOf(box), box.offset + box.sizeBytes);
  const rewrite = REWRITES[box.type];
  const rewritten = body.length < 12 ? undefined : rewrite?.(body, random);
  if (rewritten === undefined) {
    return changeEntry(bytes, box, random);
  }
  const changed = splice(bytes, [...box.parents, box], bodyOf(box), body.length, rewritten.body);
  changed.write(rewritten.type, box.offset + 4, 4, 'latin1');
  return changed;
}

type Rewrite = (body: Buffer, random: Random) => { readonly type: string; readonly body: Buffer };

const REWRITES: Readonly<Record<string, Rewrite>> = {
  stco: (body) => ({ type: 'co64', body: widen(body, 8) }),
  tfdt: (body) => ({ type: 'tfdt', body: body.subarray(0, 8) }),
  stsz: (body, random) => {
    const bits = random.oneOf([4, 8, 16]);
    const entries = Buffer.alloc(Math.ceil((Math.min(body.readUInt32BE(8), 4096) * bits) / 8));
    entries.fill(random.below(256));
    const head = Buffer.from(body.subarray(0, 12));
    head.writeUInt32BE(bits, 4);
    return { type: 'stz2', body: Buffer.concat([head, entries]) };
  },
  avcC: (_, random) => ({ type: random.oneOf(['hvcC', 'av1C', 'vpcC']), body: configuration(random) }),
  ctts: (body) => ({ type: 'ctts', body: Buffer.concat([Buffer.from([1]), body.subarray(1)]) }),
};

/** Words of 32 bits from `firstAt` on, as words of 64. */
function widen(body: Buffer, firstAt: number): Buffer {
  const words = Math.floor((body.length - firstAt) / 4);
  const wide = Buffer.alloc(firstAt + 8 * words);
  body.copy(wide, 0, 0, firstAt);
  for (let i = 0; i < words; i++) {
    wide.writeUInt32BE(body.readUInt32BE(firstAt + 4 * i), firstAt + 8 * i + 4);
  }
  return wide;
}

function configuration(random: Random): Buffer {
  return Buffer.from([1, ...Array.from({ length: random.below(40) }, () => random.below(256))]);
}

function changeBody(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0 && box.sizeBytes > box.headerBytes; count--) {
    changed[bodyOf(box) + random.below(box.sizeBytes - box.headerBytes)] = random.below(256);
  }
  return changed;
}
