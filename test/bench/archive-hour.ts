import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packObject, SegmentIndexer, type ObjectFindings, type SegmentEntry } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import { wallTime, type TimeRange } from '@clipmesh/media';
import type { ObjectStore } from '@clipmesh/object-store';
import { mediaTool } from '@clipmesh/testkit';

export type SegmentSeconds = 4 | 30;

export interface ArchiveHourOptions {
  readonly store: ObjectStore;
  /** Where footage is made and kept for the next archive of the same run. */
  readonly folder: string;
  readonly segmentSeconds: SegmentSeconds;
  /** Prefix of the keys in the bucket of archives; default `bench-camera`. */
  readonly video?: string;
  /** Length of the archive; an hour. */
  readonly seconds?: number;
}

/** Segments of a camera in the store, and what the index knows of them. */
export interface ArchiveHour {
  readonly video: { readonly id: string; readonly name: string };
  readonly range: TimeRange;
  /** In order; each a key of its own, all with the same bytes. */
  readonly entries: readonly SegmentEntry[];
  readonly sizeBytes: number;
}

const START_MS = Date.parse('2026-11-01T06:00:00.000Z');
const AUDIO_RATE = 48_000;
const AAC_FRAME = 1024;
/** What is cut off before a segment: a sync sample and a frame of sound begin at exactly the same instant there. */
const LEAD_SECONDS = 8;
const PUTS_IN_FLIGHT = 4;

/**
 * An hour of 1080p25 H.264 and AAC at 3 Mbit/s, one fragment for each GOP of 2 s, as recorders write it: 1.36 GB.
 * The pattern is encoded once, and the same bytes lie under every key: neither store nor ffmpeg can tell.
 */
export async function makeArchiveHour(options: ArchiveHourOptions): Promise<ArchiveHour> {
  const { store, segmentSeconds, video: name = 'bench-camera', seconds = 3600 } = options;
  const bytes = await readFile(await makeSegment(options.folder, segmentSeconds));
  const findings = findingsOf(bytes);
  const { leaves = [], index } = findings;
  const identity = { bucket: BUCKETS.archive, sizeBytes: bytes.length, sha256: findings.sha256 };
  const contents = { ...identity, key: '', etag: '', leaves, tracks: index.tracks };
  const packed = packObject(contents);
  await store.ensureBucket(BUCKETS.archive);
  const entries = await mapBounded(seconds / segmentSeconds, async (n): Promise<SegmentEntry> => {
    const key = `${name}/${String(n).padStart(6, '0')}.mp4`;
    const { etag } = await store.put({ bucket: BUCKETS.archive, key }, bytes, { contentType: 'video/mp4' });
    const startMs = wallTime(START_MS + n * segmentSeconds * 1000);
    const endMs = wallTime(startMs + segmentSeconds * 1000);
    return { ...contents, key, etag, packed, startMs, endMs, indexedAtMs: endMs };
  });
  return {
    video: { id: name, name },
    range: { startMs: wallTime(START_MS), endMs: wallTime(START_MS + seconds * 1000) },
    entries,
    sizeBytes: bytes.length * entries.length,
  };
}

function findingsOf(bytes: Uint8Array): ObjectFindings {
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  return indexer.finish();
}

/** Cut out of a longer recording: without the encoder's priming, sound as long as the picture but for less than a frame. */
async function makeSegment(folder: string, seconds: SegmentSeconds): Promise<string> {
  const recording = join(folder, 'pattern.mp4');
  if (!existsSync(recording)) {
    await encodePattern(recording);
  }
  const segment = join(folder, `segment-${String(seconds)}.mp4`);
  const audioFrames = Math.floor((seconds * AUDIO_RATE) / AAC_FRAME);
  await mediaTool('ffmpeg', [
    ...[
      '-v',
      'error',
      '-y',
      '-ss',
      String(LEAD_SECONDS),
      '-i',
      recording,
      '-t',
      String(seconds),
      '-c',
      'copy',
    ],
    ...['-frames:a', String(audioFrames), '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
    segment,
  ]);
  return segment;
}

/** Noise keeps the encoder busy up to its rate; filler makes the rate constant. */
export async function encodePattern(path: string, seconds = LEAD_SECONDS + 32): Promise<void> {
  const picture = `testsrc2=size=1920x1080:rate=25:duration=${String(seconds)},noise=alls=6:allf=t`;
  const sound = `sine=frequency=440:beep_factor=4:sample_rate=${String(AUDIO_RATE)}:duration=${String(seconds)}`;
  const rate = '2900k';
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '0'],
    ...['-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-x264-params', 'nal-hrd=cbr'],
    ...['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', path],
  ]);
}

async function mapBounded<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      made[n] = await make(n);
    }
  };
  await Promise.all(Array.from({ length: PUTS_IN_FLIGHT }, lane));
  return made;
}
