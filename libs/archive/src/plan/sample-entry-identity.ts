import type { TrackDescription } from '@clipmesh/media';

/** Bytes of a sample entry before its boxes (ISO/IEC 14496-12 §12.1.3, §12.2.3). */
const VISUAL_FIELDS = 86;
const AUDIO_FIELDS = 36;
/** QuickTime's longer audio entries, by their version. */
const AUDIO_EXTRA: Readonly<Record<number, number>> = { 1: 16, 2: 36 };

/**
 * Whether samples of both tracks can share one sample entry. Bit rates, which writers measure anew for every file
 * (`btrt`, and three fields of `esds`), do not matter to a decoder, and the language does not matter to anybody here.
 */
export function canShareSampleEntry(a: TrackDescription, b: TrackDescription): boolean {
  return (
    a.codec === b.codec &&
    a.width === b.width &&
    a.height === b.height &&
    (a.matrix === b.matrix || a.matrix.every((value, i) => value === b.matrix[i])) &&
    (a.sampleEntry === b.sampleEntry || identityOf(a).equals(identityOf(b)))
  );
}

/** Segments of one index object share their sample entry: it is taken apart once. */
const identities = new WeakMap<Uint8Array, Buffer>();

function identityOf(track: TrackDescription): Buffer {
  const known = identities.get(track.sampleEntry);
  if (known !== undefined) {
    return known;
  }
  const identity = takeIdentity(track);
  identities.set(track.sampleEntry, identity);
  return identity;
}

/** The boxes of a sample entry, copied; what is no box is given as one piece. */
export function boxesOf({ kind, sampleEntry }: TrackDescription): Buffer[] {
  const entry = Buffer.from(sampleEntry);
  return boxesIn(entry, kind === 'video' ? VISUAL_FIELDS : audioFields(entry));
}

function takeIdentity(track: TrackDescription): Buffer {
  const entry = Buffer.from(track.sampleEntry);
  const fields = track.kind === 'video' ? VISUAL_FIELDS : audioFields(entry);
  const kept: Buffer[] = [entry.subarray(4, fields)];
  for (const box of boxesOf(track)) {
    const type = box.toString('latin1', 4, 8);
    if (type === 'esds') {
      clearBitRates(box);
    }
    if (type !== 'btrt') {
      kept.push(box);
    }
  }
  return Buffer.concat(kept);
}

function audioFields(entry: Buffer): number {
  return AUDIO_FIELDS + (entry.length >= 18 ? (AUDIO_EXTRA[entry.readUInt16BE(16)] ?? 0) : 0);
}

function boxesIn(entry: Buffer, start: number): Buffer[] {
  const boxes: Buffer[] = [];
  for (let at = start; at < entry.length;) {
    const size = at + 8 <= entry.length ? entry.readUInt32BE(at) : 0;
    const end = size >= 8 && at + size <= entry.length ? at + size : entry.length;
    boxes.push(entry.subarray(at, end));
    at = end;
  }
  return boxes;
}

/** Zeroes bufferSizeDB, maxBitrate and avgBitrate of the decoder configuration (ISO/IEC 14496-1 §7.2.6.6). */
function clearBitRates(esds: Buffer): void {
  const es = descriptorBody(esds, 12, 3);
  // An ES_Descriptor with optional fields is left as it is: then only equal bytes are equal.
  if (es === undefined || esds[es + 2] !== 0) {
    return;
  }
  const config = descriptorBody(esds, es + 3, 4);
  if (config !== undefined && config + 13 <= esds.length) {
    esds.fill(0, config + 2, config + 13);
  }
}

/** Where the body of a descriptor of this tag begins. */
function descriptorBody(bytes: Buffer, at: number, tag: number): number | undefined {
  if (bytes[at] !== tag) {
    return undefined;
  }
  let sizeEnd = at + 1;
  while (sizeEnd < at + 4 && (bytes[sizeEnd] ?? 0) >= 128) {
    sizeEnd++;
  }
  return sizeEnd + 1;
}
