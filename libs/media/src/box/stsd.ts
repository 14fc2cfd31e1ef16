import { corruptBox } from '../bytes/box-error';
import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

// A file with more codec configurations than this is no recording.
const MOST_ENTRIES = 64;

/** Sample descriptions (ISO/IEC 14496-12 §8.5.2), once, in stbl: each entry a whole box, carried opaquely. */
export function readStsd(body: ByteReader): readonly Uint8Array[] {
  readFullBox(body, 1);
  const count = body.u32();
  body.expectRoomFor(count, 16);
  if (count > MOST_ENTRIES) {
    throw corruptBox('stsd', `has ${count} entries, at most ${MOST_ENTRIES} are taken`);
  }
  return Array.from({ length: count }, () => readEntry(body));
}

function readEntry(body: ByteReader): Uint8Array {
  const sizeBytes = body.u32();
  if (sizeBytes < 16 || sizeBytes - 4 > body.remaining) {
    throw corruptBox('stsd', `has an entry that claims ${sizeBytes} bytes of ${body.remaining + 4}`);
  }
  const entry = new Uint8Array(sizeBytes);
  new DataView(entry.buffer).setUint32(0, sizeBytes);
  entry.set(body.slice(sizeBytes - 4), 4);
  return entry;
}

export function writeStsd(w: BoxWriter, entries: readonly Uint8Array[]): void {
  w.fullBox('stsd', 0, 0, () => {
    w.u32(entries.length);
    entries.forEach((entry) => {
      w.raw(entry);
    });
  });
}
