import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** Handler (ISO/IEC 14496-12 §8.4.3), once, in mdia: says what the track is (`vide`, `soun`, ...). */
export interface Hdlr {
  readonly handlerType: string;
  readonly name: string;
}

export function readHdlr(body: ByteReader): Hdlr {
  readFullBox(body, 0);
  body.skip(4);
  const handlerType = body.fourcc();
  body.skip(12);
  // QuickTime counts the name's length in its first byte, others end it with 0, some leave it out: it is only for people.
  const name = new TextDecoder().decode(body.slice(body.remaining)).replace(/\0.*$/s, '');
  return { handlerType, name };
}

export function writeHdlr(w: BoxWriter, hdlr: Hdlr): void {
  w.fullBox('hdlr', 0, 0, () => {
    w.zeros(4);
    w.fourcc(hdlr.handlerType);
    w.zeros(12);
    w.raw(new TextEncoder().encode(hdlr.name));
    w.u8(0);
  });
}
