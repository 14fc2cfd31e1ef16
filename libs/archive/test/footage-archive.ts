import { layOutMovie, verifyLaidOutHeader, wallTime, type TimeRange } from '@clipmesh/media';
import { mediaTool } from '@clipmesh/testkit';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentEntry } from '../src/index/segment-entry';
import { SegmentIndexer } from '../src/index/segment-indexer';
import { FileVerifier } from '../src/manifest/file-verifier';
import { makeManifest } from '../src/manifest/manifest';
import type { MoviePlan } from '../src/plan/movie-plan';
import { decodeMoviePlan, encodeMoviePlan } from '../src/plan/plan-codec';
import { toMovie } from '../src/plan/plan-to-movie';

/** Real footage as an archive, for tests that let ffmpeg judge. */

export const FOOTAGE_START_MS = wallTime(Date.UTC(2026, 10, 1, 6));

export interface FootageArchive {
  readonly segments: readonly SegmentEntry[];
  readonly objects: ReadonlyMap<string, Buffer>;
}

/** A range by milliseconds from the start of the footage. */
export function footageRange(startMs: number, endMs: number): TimeRange {
  return { startMs: wallTime(FOOTAGE_START_MS + startMs), endMs: wallTime(FOOTAGE_START_MS + endMs) };
}

/** Indexes an object as the archive does; it ends where its first track does. */
export function indexedSegment(key: string, bytes: Buffer, startMs: number): SegmentEntry {
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  const { index, leaves, sha256, sizeBytes } = indexer.finish();
  const [main] = index.tracks;
  if (main === undefined || leaves === undefined) {
    throw new RangeError(`${key} has no tracks, or is too large`);
  }
  const lasts = main.samples.durations.reduce((sum, duration) => sum + duration, 0) / main.timescale;
  const start = wallTime(FOOTAGE_START_MS + startMs);
  return {
    ...{ bucket: 'archive', key, etag: key, sizeBytes, sha256, leaves, tracks: index.tracks },
    ...{ startMs: start, endMs: wallTime(start + Math.ceil(lasts * 1000)), indexedAtMs: FOOTAGE_START_MS },
  };
}

/** Files one behind another on the wall clock, with holes of so many milliseconds before each but the first. */
export async function archiveOf(paths: readonly string[], holeMs = 0): Promise<FootageArchive> {
  const objects = new Map<string, Buffer>();
  const segments: SegmentEntry[] = [];
  let at = 0;
  for (const path of paths) {
    const bytes = await readFile(path);
    const segment = indexedSegment(path, bytes, at);
    objects.set(path, bytes);
    segments.push(segment);
    at = segment.endMs - FOOTAGE_START_MS + holeMs;
  }
  return { objects, segments };
}

/** Cuts footage into fragmented segments at its sync samples, as a recorder does. */
export async function cutIntoSegments(
  source: string,
  seconds: number,
  folder: string,
  name: string,
): Promise<string[]> {
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-i', source, '-map', '0', '-c', 'copy', '-f', 'segment'],
    ...['-segment_time', String(seconds), '-segment_format', 'mp4', '-reset_timestamps', '1'],
    ...['-segment_format_options', 'movflags=+frag_keyframe+delay_moov+default_base_moof'],
    join(folder, `${name}-%02d.mp4`),
  ]);
  const names = await readdir(folder);
  return names
    .filter((one) => one.startsWith(`${name}-`))
    .sort()
    .map((one) => join(folder, one));
}

/** Writes a plan as a file, through its stored form, and holds the file against its manifest. */
export async function writeFootage(
  path: string,
  given: MoviePlan,
  { objects }: Pick<FootageArchive, 'objects'>,
): Promise<string> {
  const plan = decodeMoviePlan(encodeMoviePlan(given));
  const movie = toMovie(plan);
  const layout = layOutMovie(movie);
  const bytesOf = (key = ''): Buffer => {
    const bytes = objects.get(key);
    if (bytes === undefined) {
      throw new RangeError(`no object ${key}`);
    }
    return bytes;
  };
  const file = Buffer.concat(
    layout.spans.map((span) =>
      span.kind === 'inline'
        ? span.bytes
        : bytesOf(plan.objects[span.object]?.key).subarray(span.offset, span.offset + span.length),
    ),
  );
  await verifyLaidOutHeader(
    (offset, length) => Promise.resolve(file.subarray(offset, offset + length)),
    movie,
    layout,
  );
  const verifier = new FileVerifier(
    makeManifest({
      plan,
      layout,
      job: { id: 'j', name: 'clip', topologyName: 'original' },
      output: { videoName: 'clip', bucket: 'exports', key: 'clip', etag: 'e', sizeBytes: file.length },
    }),
  );
  verifier.push(file);
  verifier.finish();
  await writeFile(path, file);
  return path;
}
