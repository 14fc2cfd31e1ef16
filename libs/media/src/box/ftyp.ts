import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';

/** File type (ISO/IEC 14496-12 §4.3), once, first in the file; `styp` before segments is the same. */
export interface Ftyp {
  readonly majorBrand: string;
  readonly minorVersion: number;
  readonly compatibleBrands: readonly string[];
}

export function readFtyp(body: ByteReader): Ftyp {
  const majorBrand = body.fourcc();
  const minorVersion = body.u32();
  const compatibleBrands: string[] = [];
  while (body.remaining >= 4) {
    compatibleBrands.push(body.fourcc());
  }
  body.expectEnd();
  return { majorBrand, minorVersion, compatibleBrands };
}

export function writeFtyp(w: BoxWriter, ftyp: Ftyp): void {
  w.box('ftyp', () => {
    w.fourcc(ftyp.majorBrand);
    w.u32(ftyp.minorVersion);
    ftyp.compatibleBrands.forEach((brand) => {
      w.fourcc(brand);
    });
  });
}
