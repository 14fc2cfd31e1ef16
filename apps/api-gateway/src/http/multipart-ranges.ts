import { createHash } from 'node:crypto';
import type { ByteSpan } from './byte-ranges';

/** An answer of several ranges (RFC 9110 §14.6): heads before the parts, and an end behind them. */
export interface MultipartRanges {
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly parts: readonly (ByteSpan & { readonly head: Uint8Array })[];
  readonly tail: Uint8Array;
}

export function multipartRanges(
  ranges: readonly ByteSpan[],
  file: { readonly sizeBytes: number; readonly etag: string; readonly contentType: string },
): MultipartRanges {
  const boundary = createHash('sha256').update(file.etag).digest('hex').slice(0, 32);
  const parts = ranges.map(({ start, end }) => ({
    start,
    end,
    head: Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${file.contentType}\r\n` +
        `Content-Range: ${contentRange({ start, end }, file.sizeBytes)}\r\n\r\n`,
    ),
  }));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    sizeBytes: parts.reduce((sum, { head, start, end }) => sum + head.length + end - start + 1, tail.length),
    parts,
    tail,
  };
}

export const contentRange = ({ start, end }: ByteSpan, sizeBytes: number): string =>
  `bytes ${start}-${end}/${sizeBytes}`;
