import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';
import { hexByte } from './hex-byte';

// Descriptor tags (ISO/IEC 14496-1 §7.2.2.1).
const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC_INFO = 5;
const MPEG4_AUDIO = 0x40;

/** Elementary stream descriptor (ISO/IEC 14496-14 §5.6) as RFC 6381 writes it: `40.2`, or just the object type, `6b`. */
export function readEsdsCodecSuffix(body: ByteReader): string {
  readFullBox(body, 0);
  const es = readDescriptor(body, ES_DESCRIPTOR);
  es.skip(2);
  const flags = es.u8();
  if (flags & 0x80) {
    es.skip(2); // dependsOn_ES_ID
  }
  if (flags & 0x40) {
    es.skip(es.u8()); // URL
  }
  if (flags & 0x20) {
    es.skip(2); // OCR_ES_Id
  }
  const config = readDescriptor(es, DECODER_CONFIG);
  const objectType = config.u8();
  config.skip(12);
  if (objectType !== MPEG4_AUDIO || config.remaining === 0) {
    return hexByte(objectType);
  }
  return `${hexByte(objectType)}.${readAudioObjectType(readDescriptor(config, DECODER_SPECIFIC_INFO))}`;
}

/** ISO/IEC 14496-3 §1.6.2.1: five bits, or 32 plus six more when all five are set. */
function readAudioObjectType(info: ByteReader): number {
  const first = info.u8();
  const short = first >> 3;
  return short === 31 ? 32 + (first & 7) * 8 + (info.u8() >> 5) : short;
}

function readDescriptor(from: ByteReader, tag: number): ByteReader {
  const found = from.u8();
  if (found !== tag) {
    throw corruptBox('esds', `has descriptor ${found} where ${tag} belongs`);
  }
  let sizeBytes = 0;
  for (let i = 0; i < 4; i++) {
    const byte = from.u8();
    sizeBytes = sizeBytes * 128 + (byte & 127);
    if (byte < 128) {
      break;
    }
  }
  return new ByteReader(from.slice(sizeBytes), 'esds');
}
