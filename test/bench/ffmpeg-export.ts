import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef, ObjectStore } from '@clipmesh/object-store';
import { mediaTool } from '@clipmesh/testkit';

const LINK_SECONDS = 3600;
const MIB = 1024 * 1024;

/** What the same export takes with ffmpeg, in its two steps. */
export interface FfmpegExport {
  readonly muxMs: number;
  readonly uploadMs: number;
}

/**
 * The export as it is made without Clipmesh: ffmpeg joins the segments by URL into a local file with the moov in
 * front, which is then uploaded, 16 MiB a part, four in flight.
 */
export async function exportByFfmpeg(
  store: ObjectStore,
  segments: readonly ObjectRef[],
  target: ObjectRef,
  folder: string,
): Promise<FfmpegExport> {
  const list = join(folder, 'segments.txt');
  const file = join(folder, 'joined.mp4');
  const links = await Promise.all(
    segments.map((ref) => store.presignGet(ref, { expiresSeconds: LINK_SECONDS })),
  );
  await writeFile(list, links.map((link) => `file '${link}'\n`).join(''));
  try {
    const startedAt = performance.now();
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,http,tcp'],
      ...['-i', list, '-c', 'copy', '-movflags', '+faststart', file],
    ]);
    const muxedAt = performance.now();
    const source = createReadStream(file, { highWaterMark: MIB });
    await store.putStream(target, source, { partBytes: 16 * MIB, concurrency: 4, contentType: 'video/mp4' });
    return { muxMs: muxedAt - startedAt, uploadMs: performance.now() - muxedAt };
  } finally {
    await rm(file, { force: true });
  }
}
