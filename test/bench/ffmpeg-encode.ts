import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ObjectRef, ObjectStore } from '@clipmesh/object-store';
import { mediaTool } from '@clipmesh/testkit';

const LINK_SECONDS = 3600;
const MIB = 1024 * 1024;

/**
 * The same encoding as it is made without Clipmesh: one ffmpeg with all cores reads the segments by URL, writes a local file with the
 * moov in front, which is then uploaded, 16 MiB a part, four in flight. The settings are those of the 720p preset.
 */
export async function encodeByFfmpeg(
  store: ObjectStore,
  segments: readonly ObjectRef[],
  target: ObjectRef,
  folder: string,
): Promise<void> {
  const list = join(folder, 'segments.txt');
  const file = join(folder, 'encoded.mp4');
  const links = await Promise.all(
    segments.map((ref) => store.presignGet(ref, { expiresSeconds: LINK_SECONDS })),
  );
  await writeFile(list, links.map((link) => `file '${link}'\n`).join(''));
  const threads = String(availableParallelism());
  try {
    await mediaTool('ffmpeg', [
      ...['-v', 'error', '-y', '-threads', threads],
      ...['-f', 'concat', '-safe', '0', '-protocol_whitelist', 'file,http,tcp', '-i', list],
      ...['-vf', 'scale=-2:720,setsar=1,format=yuv420p', '-fps_mode', 'passthrough'],
      ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-threads:v', threads],
      ...['-crf', '23', '-maxrate', '3500k', '-bufsize', '7000k'],
      ...['-forced-idr', '1', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
      ...['-c:a', 'aac', '-b:a', '96k', '-ar', '48000', '-ac', '2', '-movflags', '+faststart', file],
    ]);
    const source = createReadStream(file, { highWaterMark: MIB });
    await store.putStream(target, source, { partBytes: 16 * MIB, concurrency: 4, contentType: 'video/mp4' });
  } finally {
    await rm(file, { force: true });
  }
}
