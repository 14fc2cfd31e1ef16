import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planMovie, SegmentIndexer, toMovie, type SegmentEntry } from '@clipmesh/archive';
import { layOutMovie, wallTime } from '@clipmesh/media';
import { sourceObjects, type ObjectStore } from '@clipmesh/object-store';
import { makeFootage } from '@clipmesh/testkit';
import type { WrittenMovie } from '../src/written-movie';

const SEGMENT_MS = 4_000;
const SEGMENTS = 5;

/** A movie of five segments of 8 MB in the store, laid out: the first passes through the worker, four are copied. */
export async function aWrittenMovie(store: ObjectStore, folder: string): Promise<WrittenMovie> {
  const path = join(folder, 'segment.mp4');
  await makeFootage({ path, seconds: SEGMENT_MS / 1000, videoKbps: 16_000, layout: 'fragmented' });
  const bytes = await readFile(path);
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  const { leaves = [], index, sha256 } = indexer.finish();
  const entries: SegmentEntry[] = [];
  for (let n = 0; n < SEGMENTS; n++) {
    const ref = { bucket: 'archive', key: `gate-1/${String(n)}.mp4` };
    const { etag } = await store.put(ref, bytes);
    const startMs = wallTime(n * SEGMENT_MS);
    const endMs = wallTime(startMs + SEGMENT_MS);
    const times = { startMs, endMs, indexedAtMs: endMs };
    entries.push({ ...ref, etag, sizeBytes: bytes.length, sha256, leaves, tracks: index.tracks, ...times });
  }
  const plan = planMovie({
    video: { id: 'v1', name: 'gate-1' },
    ranges: [{ startMs: wallTime(0), endMs: wallTime(SEGMENTS * SEGMENT_MS) }],
    segments: [entries],
    edges: 'edit-list',
    gaps: 'collapse',
    gapThresholdMs: 1_000,
    catalogRevisions: [],
  });
  const movie = toMovie(plan);
  return { plan, movie, layout: layOutMovie(movie), objects: sourceObjects(plan.objects) };
}
