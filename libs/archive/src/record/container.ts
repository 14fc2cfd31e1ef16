import { ExportError } from '@clipmesh/errors';

/**
 * How the archive's own records lie in bytes:
 *
 *     magic       4 characters: what it is
 *     format      u16  raised when an older reader would misread it
 *     reserved    u16  0
 *     headerBytes u32
 *     blobCount   u32
 *     blob sizes  u32 each
 *     header      JSON in UTF-8
 *     blobs       one behind another, up to the last byte
 *
 * Numbers are big-endian. The same header and blobs always give the same bytes.
 */
export interface Container {
  readonly header: unknown;
  /** Views, not copies; of no Buffer, whose views cost twice as much. */
  readonly blobs: readonly Uint8Array[];
}

const FIXED_BYTES = 16;

export function encodeContainer(
  magic: string,
  format: number,
  header: object,
  blobs: readonly Uint8Array[],
): Uint8Array {
  return encodePieces(magic, format, [JSON.stringify(header)], blobs);
}

/** As {@link encodeContainer}, with the header's JSON in pieces, which may collect the blobs while they are made. */
export function encodePieces(
  magic: string,
  format: number,
  json: Iterable<string>,
  blobs: readonly Uint8Array[],
): Uint8Array {
  const header = Array.from(json, (piece) => Buffer.from(piece));
  const headerBytes = sumOfLengths(header);
  const headerStart = FIXED_BYTES + 4 * blobs.length;
  const bytes = Buffer.alloc(headerStart + headerBytes + sumOfLengths(blobs));
  bytes.write(magic, 0, 4, 'latin1');
  bytes.writeUInt16BE(format, 4);
  bytes.writeUInt32BE(headerBytes, 8);
  bytes.writeUInt32BE(blobs.length, 12);
  let at = headerStart;
  for (const piece of header) {
    bytes.set(piece, at);
    at += piece.length;
  }
  blobs.forEach((blob, i) => {
    bytes.writeUInt32BE(blob.length, FIXED_BYTES + 4 * i);
    bytes.set(blob, at);
    at += blob.length;
  });
  return bytes;
}

const sumOfLengths = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Refuses bytes of another kind, damaged ones, and a format above `newestFormat`, each by its own code. */
export function decodeContainer(magic: string, newestFormat: number, given: Uint8Array): Container {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, 4) !== magic) {
    throw corruptRecord(magic, `does not begin with ${magic}`);
  }
  const format = bytes.readUInt16BE(4);
  if (format > newestFormat) {
    throw new ExportError('FormatUnsupported', {
      message: `${magic} record has format ${format}, this release reads up to ${newestFormat}`,
      details: { magic, format, newestFormat },
    });
  }
  const headerBytes = bytes.readUInt32BE(8);
  const blobCount = bytes.readUInt32BE(12);
  const headerStart = FIXED_BYTES + 4 * blobCount;
  if (headerStart + headerBytes > bytes.length) {
    throw corruptRecord(magic, `claims ${blobCount} blobs and a header of ${headerBytes} bytes`);
  }
  const blobs: Uint8Array[] = [];
  let at = headerStart + headerBytes;
  for (let i = 0; i < blobCount; i++) {
    const length = bytes.readUInt32BE(FIXED_BYTES + 4 * i);
    if (length > bytes.length - at) {
      throw corruptRecord(magic, `claims ${at + length} bytes and has ${bytes.length}`);
    }
    blobs.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at, length));
    at += length;
  }
  if (at !== bytes.length) {
    throw corruptRecord(magic, `claims ${at} bytes and has ${bytes.length}`);
  }
  return {
    header: parseHeader(magic, bytes.toString('utf8', headerStart, headerStart + headerBytes)),
    blobs,
  };
}

function parseHeader(magic: string, json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw corruptRecord(magic, 'has a header that is no JSON', cause);
  }
}

export function corruptRecord(magic: string, problem: string, cause?: unknown): ExportError {
  return new ExportError('RecordCorrupt', {
    message: `${magic} record ${problem}`,
    details: { magic },
    ...(cause === undefined ? {} : { cause }),
  });
}
