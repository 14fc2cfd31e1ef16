import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { MovieLayout } from '@clipmesh/media';

/**
 * Writes a laid-out file; objects without bytes become holes, which take no room on disk and read as zeros, so that a file
 * of many gigabytes costs what its header and its few real objects do.
 */
export async function writeSparse(
  path: string,
  layout: MovieLayout,
  bytesOf: (object: number) => Uint8Array | undefined,
): Promise<string> {
  const file = await open(path, 'w');
  let at = 0;
  for (const span of layout.spans) {
    const whole = span.kind === 'inline' ? span.bytes : bytesOf(span.object);
    const bytes = span.kind === 'inline' ? whole : whole?.subarray(span.offset, span.offset + span.length);
    if (bytes !== undefined) {
      await file.write(bytes, 0, bytes.length, at);
    }
    at += span.kind === 'inline' ? span.bytes.length : span.length;
  }
  await file.truncate(at);
  await file.close();
  return path;
}

/** Bytes of a file, as many as there are. */
export async function readBytes(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  await file.close();
  return buffer.subarray(0, bytesRead);
}

/** As ffprobe prints it. */
export function md5Of(bytes: Uint8Array): string {
  return `MD5:${createHash('md5').update(bytes).digest('hex')}`;
}
