import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BUCKETS, refusedSubject, REQUESTS, segmentSubject, type CoverageReply } from '@clipmesh/contracts';
import type { MeshClient } from '@clipmesh/local';
import type { Recorded } from './camera';
import { secondsAfter, type World } from './world';

/** Puts the segments into the store and tells of them, as any recorder does; resolves when all are indexed. */
export async function announceRecorded(
  { store, client }: World,
  video: string,
  start: string,
  { segments, seconds }: Recorded,
): Promise<void> {
  const refusal = new AbortController();
  const stop = client.bus.onNudge(refusedSubject(video), (body) => {
    refusal.abort(new Error(JSON.stringify(body)));
  });
  for (const { path, startSeconds } of segments) {
    const key = `${video}/${basename(path)}`;
    await store.put({ bucket: BUCKETS.archive, key }, await readFile(path));
    const event = { format: 1, video, start: secondsAfter(start, startSeconds), object: { key } };
    await client.bus.publish(segmentSubject(video), event, { msgId: key });
  }
  // The last frame of a variable rate may end before its segment's successor begins, and so may the whole recording.
  const range = { video, start, end: secondsAfter(start, seconds - 0.4) };
  await covered(client, range, refusal.signal);
  await stop();
}

async function covered(
  client: MeshClient,
  range: { readonly video: string; readonly start: string; readonly end: string },
  signal: AbortSignal,
): Promise<void> {
  const look = async (): Promise<CoverageReply | undefined> => {
    // The first segment makes the video.
    const reply = await client.bus.request<CoverageReply>(REQUESTS.archiveCoverage, range).catch(() => null);
    return reply?.timeRanges.length === 1 && reply.gaps.length === 0 ? reply : undefined;
  };
  await client.told(['clipmesh.v1.events.segment.*.indexed'], look, signal);
}
