/** A box that lies whole in the bytes, so that a change can keep the sizes around it right. */
export interface FoundBox {
  readonly type: string;
  readonly offset: number;
  readonly headerBytes: number;
  /** Header included. */
  readonly sizeBytes: number;
  /** Around it, the outermost first. */
  readonly parents: readonly FoundBox[];
}

/** Bytes between a container's header and its first child. */
const CONTAINERS: ReadonlyMap<string, number> = new Map([
  ...'moov trak edts mdia minf dinf stbl mvex moof traf'.split(' ').map((type) => [type, 0] as const),
  ['stsd', 8],
  ...'avc1 hvc1 av01 vp09 encv'.split(' ').map((type) => [type, 78] as const),
  ['mp4a', 28],
]);
const DEEPEST = 12;

export function boxesIn(
  bytes: Buffer,
  from = 0,
  end = bytes.length,
  parents: readonly FoundBox[] = [],
): FoundBox[] {
  const boxes: FoundBox[] = [];
  for (let at = from; at + 8 <= end;) {
    const box = boxAt(bytes, at, end, parents);
    if (box === undefined) {
      break;
    }
    boxes.push(box);
    const inside = CONTAINERS.get(box.type);
    if (inside !== undefined && parents.length < DEEPEST) {
      boxes.push(...boxesIn(bytes, at + box.headerBytes + inside, at + box.sizeBytes, [...parents, box]));
    }
    at += box.sizeBytes;
  }
  return boxes;
}

function boxAt(
  bytes: Buffer,
  offset: number,
  end: number,
  parents: readonly FoundBox[],
): FoundBox | undefined {
  const size32 = bytes.readUInt32BE(offset);
  const isLong = size32 === 1 && offset + 16 <= end;
  const headerBytes = isLong ? 16 : 8;
  const sizeBytes = isLong ? Number(bytes.readBigUInt64BE(offset + 8)) : size32;
  if (sizeBytes < headerBytes || offset + sizeBytes > end) {
    return undefined;
  }
  return { type: bytes.toString('latin1', offset + 4, offset + 8), offset, headerBytes, sizeBytes, parents };
}

/** Other bytes in the place of some, inside of the boxes given, whose sizes stay right. */
export function splice(
  bytes: Buffer,
  around: readonly FoundBox[],
  at: number,
  removed: number,
  added: Buffer = Buffer.alloc(0),
): Buffer {
  const changed = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
  for (const box of around) {
    const sizeBytes = Math.max(0, box.sizeBytes + added.length - removed);
    if (box.headerBytes === 16) {
      changed.writeBigUInt64BE(BigInt(sizeBytes), box.offset + 8);
    } else {
      changed.writeUInt32BE(sizeBytes, box.offset);
    }
  }
  return changed;
}
