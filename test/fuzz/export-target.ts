import {
  decodeMoviePlan,
  encodeMoviePlan,
  planMovie,
  SegmentIndexer,
  toMovie,
  type MoviePlan,
  type SegmentEntry,
} from '@clipmesh/archive';
import {
  BoxCollector,
  layOutMovie,
  readObjectIndex,
  wallTime,
  type MovieLayout,
  type ObjectIndex,
} from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { Random } from './random';

/** What a recording that was taken leads to: a plan, stored, and an MP4 that our own reader takes again. */
export const EXPORT_REFUSALS =
  /^(Segment(NotMp4|Truncated|Corrupt|TooLong)|CodecUnsupported|SampleEntryChanged|SetupValidationFailure)$/;

const LONGEST_MS = 3600_000;
const AFTER_MS = 1000;

/** Reads an entry of a second behind `right`, and exports some of it, with or without `right` before it. */
export function exportAfter(right: SegmentEntry): (bytes: Buffer, random: Random) => void {
  return (bytes, random) => {
    const entry = entryAt(wallTime(right.startMs + AFTER_MS), bytes);
    const startMs = right.startMs + random.below(2 * AFTER_MS);
    const plan = planMovie({
      ranges: [{ startMs: wallTime(startMs), endMs: wallTime(startMs + 1 + random.below(2 * AFTER_MS)) }],
      segments: [random.oneIn(2) ? [entry] : [right, entry]],
      edges: random.oneOf(['edit-list', 'keyframe-before', 'keyframe-after']),
      onConfigChange: random.oneOf(['fail', 'in-band']),
      ...{ video: { id: 'v1', name: 'gate' }, gaps: 'collapse', gapThresholdMs: 1000, catalogRevisions: [] },
    });
    const stored = decodeMoviePlan(encodeMoviePlan(plan));
    expectSame(stored, indexOf(layOutMovie(toMovie(stored))));
  };
}

function entryAt(startMs: SegmentEntry['startMs'], bytes: Buffer): SegmentEntry {
  const indexer = new SegmentIndexer();
  indexer.push(bytes);
  const { index, leaves = [], sha256, sizeBytes } = indexer.finish();
  const durationMs = durationOf(index);
  if (durationMs > LONGEST_MS) {
    throw new ExportError('SegmentTooLong', { message: 'no such segment is taken' });
  }
  return {
    ...{ bucket: 'archive', key: 'gate/changed.mp4', etag: sha256.slice(0, 32), sha256, sizeBytes },
    ...{ leaves, tracks: index.tracks, startMs, indexedAtMs: startMs },
    endMs: wallTime(startMs + Math.max(1, durationMs)),
  };
}

function durationOf({ tracks: [first] }: ObjectIndex): number {
  const ticks = first?.samples.durations.reduce((sum, duration) => sum + duration, 0) ?? 0;
  return Math.ceil((ticks * 1000) / (first?.timescale ?? 1));
}

/** As any reader of the finished file has it; what is copied into it is of no matter. */
function indexOf({ spans: [header], sizeBytes, headerBytes }: MovieLayout): ObjectIndex {
  const collector = new BoxCollector();
  if (header?.kind === 'inline') {
    collector.push(header.bytes);
  }
  collector.push(new Uint8Array(sizeBytes - headerBytes));
  try {
    return readObjectIndex(collector.finish(), sizeBytes);
  } catch (cause) {
    throw new Error(`the file that was laid out is refused: ${String(cause)}`, { cause });
  }
}

function expectSame(plan: MoviePlan, { tracks }: ObjectIndex): void {
  const planned = plan.tracks.map(({ runs }) =>
    runs.reduce((sum, run) => sum + run.sampleCount - (run.skippedSamples ?? 0), 0),
  );
  const found = tracks.map(({ samples }) => samples.count);
  if (planned.join() !== found.join()) {
    throw new Error(`the file has ${found.join()} samples, planned were ${planned.join()}`);
  }
}
