import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** Movie fragment header (ISO/IEC 14496-12 §8.8.5), once, in moof: the fragment's number, which nothing relies on. */
export function readMfhd(body: ByteReader): number {
  readFullBox(body, 0);
  const sequenceNumber = body.u32();
  body.expectEnd();
  return sequenceNumber;
}

export function writeMfhd(w: BoxWriter, sequenceNumber: number): void {
  w.fullBox('mfhd', 0, 0, () => {
    w.u32(sequenceNumber);
  });
}
