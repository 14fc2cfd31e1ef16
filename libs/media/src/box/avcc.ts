import { corruptBox } from '../bytes/box-error';
import type { ByteReader } from '../bytes/byte-reader';
import { hexByte } from './hex-byte';

/** AVC configuration (ISO/IEC 14496-15 §5.3.3.1): profile, compatibility and level as RFC 6381 writes them, `64001f`. */
export function readAvcCodecSuffix(body: ByteReader): string {
  const version = body.u8();
  if (version !== 1) {
    throw corruptBox('avcC', `has configuration version ${version}, known is 1`);
  }
  return [body.u8(), body.u8(), body.u8()].map(hexByte).join('');
}
