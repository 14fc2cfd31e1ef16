import { MAX_U32, type BoxWriter } from '../bytes/box-writer';

/** Bytes of an mdat's header (ISO/IEC 14496-12 §8.1.1): with a 64-bit size only where the payload needs it. */
export function mdatHeaderBytes(payloadBytes: number): 8 | 16 {
  return payloadBytes + 8 > MAX_U32 ? 16 : 8;
}

/** The header alone: the payload lies in other objects. */
export function writeMdatHeader(w: BoxWriter, payloadBytes: number): void {
  const headerBytes = mdatHeaderBytes(payloadBytes);
  w.u32(headerBytes === 16 ? 1 : payloadBytes + headerBytes);
  w.fourcc('mdat');
  if (headerBytes === 16) {
    w.u64(payloadBytes + headerBytes);
  }
}
