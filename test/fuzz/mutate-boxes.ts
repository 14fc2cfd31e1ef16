import { boxesIn, splice, type FoundBox } from './found-box';
import { someWord } from './mutate-bytes';
import type { Random } from './random';

/** Changes of which boxes there are, in which order, and of what they say of their size. */

/** What others write beside the boxes that tell of samples. */
const STRANGERS = ['sgpd', 'sbgp', 'saiz', 'saio', 'emsg', 'free', 'uuid', 'styp', 'sidx', 'mdat'] as const;
/** Codecs, also such as need another configuration than is there. */
const ENTRIES = [
  'avc1',
  'avc3',
  'hvc1',
  'hev1',
  'av01',
  'vp09',
  'mp4v',
  'encv',
  'mp4a',
  'sowt',
  'zzzz',
] as const;
const MOST_REPEATED_BYTES = 256 * 1024;

export function mutateBoxes(bytes: Buffer, others: readonly [Buffer, ...Buffer[]], random: Random): Buffer {
  const boxes = boxesIn(bytes);
  const box = boxes[random.below(boxes.length)];
  if (box === undefined) {
    return bytes;
  }
  const change: (bytes: Buffer, box: FoundBox, random: Random) => Buffer = random.weighted([
    [3, lieAboutSize],
    [2, takeLongHeader],
    [2, dropBox],
    [3, repeatBox],
    [2, moveBox],
    [3, swapWithNext],
    [3, insertStranger],
    [1, renameEntry],
    [4, (...given) => spliceOther(...given, others)],
  ]);
  return change(bytes, box, random);
}

const bytesOf = (bytes: Buffer, box: FoundBox): Buffer =>
  bytes.subarray(box.offset, box.offset + box.sizeBytes);

/** 0, a little more or less, beyond what is around it, or billions; those around it do not know. */
function lieAboutSize(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const parent = box.parents.at(-1);
  const leftInParent = (parent === undefined ? bytes.length : parent.offset + parent.sizeBytes) - box.offset;
  const lie = random.oneOf([
    0,
    box.sizeBytes + random.below(33) - 16,
    leftInParent,
    leftInParent + 1 + random.below(64),
    someWord(random),
  ]);
  const changed = Buffer.from(bytes);
  if (box.headerBytes === 16 && random.oneIn(2)) {
    changed.writeBigUInt64BE(
      BigInt(Math.max(0, lie)) << BigInt(random.oneOf([0, 0, 21, 32])),
      box.offset + 8,
    );
  } else {
    changed.writeUInt32BE(lie >>> 0, box.offset);
  }
  return changed;
}

/** The size in 64 bits: no other fact changes. */
function takeLongHeader(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  if (box.headerBytes === 16) {
    return lieAboutSize(bytes, box, random);
  }
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(box.sizeBytes + 8));
  const changed = splice(bytes, box.parents, box.offset + 8, 0, size);
  changed.writeUInt32BE(1, box.offset);
  return changed;
}

function dropBox(bytes: Buffer, box: FoundBox): Buffer {
  return splice(bytes, box.parents, box.offset, box.sizeBytes);
}

function repeatBox(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const most = Math.floor(MOST_REPEATED_BYTES / box.sizeBytes);
  const times = Math.min(most, 1 + random.below(random.oneIn(8) ? 300 : 3));
  const again = Array.from({ length: times }, () => bytesOf(bytes, box));
  return splice(bytes, box.parents, box.offset, 0, Buffer.concat(again));
}

function moveBox(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const left = dropBox(bytes, box);
  const places = boxesIn(left);
  const place = places[random.below(places.length)];
  return place === undefined ? left : splice(left, place.parents, place.offset, 0, bytesOf(bytes, box));
}

/** In its parent; on top: media data before its moof, a moof before the moov. */
function swapWithNext(bytes: Buffer, box: FoundBox): Buffer {
  const end = box.offset + box.sizeBytes;
  const next = boxesIn(bytes).find(
    ({ offset, parents }) => offset === end && parents.length === box.parents.length,
  );
  if (next === undefined) {
    return bytes;
  }
  const swapped = Buffer.concat([bytesOf(bytes, next), bytesOf(bytes, box)]);
  return splice(bytes, [], box.offset, swapped.length, swapped);
}

function insertStranger(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const stranger = Buffer.alloc(8 + random.below(40));
  stranger.writeUInt32BE(stranger.length, 0);
  stranger.write(random.oneOf(STRANGERS), 4, 'latin1');
  for (let at = 8; at + 4 <= stranger.length; at += 4) {
    stranger.writeUInt32BE(random.oneIn(3) ? someWord(random) : random.below(4), at);
  }
  return splice(bytes, box.parents, box.offset, 0, stranger);
}

/** Another name for a sample entry, or for any box when there is none. */
function renameEntry(bytes: Buffer, box: FoundBox, random: Random): Buffer {
  const entry = boxesIn(bytes).find(({ parents }) => parents.at(-1)?.type === 'stsd') ?? box;
  const changed = Buffer.from(bytes);
  changed.write(random.oneOf(ENTRIES), entry.offset + 4, 'latin1');
  return changed;
}

/** A box of another file, in the place of one of its kind, or beside any. */
function spliceOther(
  bytes: Buffer,
  box: FoundBox,
  random: Random,
  others: readonly [Buffer, ...Buffer[]],
): Buffer {
  const other = random.oneOf(others);
  const boxes = boxesIn(other);
  const alike = boxes.filter(({ type }) => type === box.type);
  const isReplaced = alike.length > 0 && !random.oneIn(4);
  const from = isReplaced ? alike : boxes;
  const given = from[random.below(from.length)];
  return given === undefined
    ? bytes
    : splice(bytes, box.parents, box.offset, isReplaced ? box.sizeBytes : 0, bytesOf(other, given));
}
