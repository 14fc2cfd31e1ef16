import type { ObjectIndex, TrackIndex } from '@clipmesh/media';
import { cutPointsOf, type TrackCuts } from './cut-points';

/** Bytes that lie together and that every slice takes whole or not at all. */
interface ByteRun {
  readonly offset: number;
  /** A picture that decoding can start at comes first: parameter sets in band go before it, so nothing joins it in front. */
  readonly beginsGop: boolean;
  end: number;
  /** Slices that begin at or before this border ... */
  latestFirst: number;
  /** ... and end at or behind this one take the run. */
  earliestEnd: number;
}

/**
 * Ends of an object's leaves, ascending; the last is the object's size. Every slice of GOPs (see `CutPoints`)
 * is a set of whole leaves, and every sync sample of the video is the first in its leaf. Bytes of no sample (`moof`)
 * belong to the leaf before them, those at the very start are a leaf of their own: a GOP costs one to four leaves.
 */
export function leafCuts(index: ObjectIndex): number[] {
  const cuts = cutPointsOf(index);
  const runs = index.tracks.flatMap((track, i) => {
    const trackCuts = cuts.tracks[i];
    return trackCuts === undefined ? [] : byteRuns(track, trackCuts);
  });
  const ends = joinRuns(runs)
    .map((run) => run.offset)
    .filter((offset) => offset > 0);
  ends.push(index.sizeBytes);
  return ends;
}

function byteRuns({ kind, samples: table }: TrackIndex, cuts: TrackCuts): ByteRun[] {
  const runs: ByteRun[] = [];
  const borders = new BorderCursor(cuts);
  let sample = 0;
  table.chunkOffsets.forEach((chunkOffset, chunk) => {
    const end = sample + (table.chunkSampleCounts[chunk] ?? 0);
    let run: ByteRun | undefined;
    for (let offset = chunkOffset; sample < end; sample++) {
      const hasMoved = borders.moveTo(sample);
      const sampleEnd = offset + (table.sizes[sample] ?? 0);
      if (run === undefined || hasMoved) {
        run = {
          offset,
          beginsGop: kind === 'video' && table.syncs[sample] === 1,
          end: sampleEnd,
          latestFirst: borders.latestFirst,
          earliestEnd: borders.earliestEnd,
        };
        runs.push(run);
      } else {
        run.end = sampleEnd;
      }
      offset = sampleEnd;
    }
  });
  return runs.filter((run) => run.end > run.offset);
}

/** The borders around samples that are visited in order: they only rise. */
class BorderCursor {
  latestFirst = 0;
  earliestEnd = 1;

  constructor(private readonly cuts: TrackCuts) {}

  /** Whether other slices take this sample than took the last. */
  moveTo(sample: number): boolean {
    const before = this.latestFirst + this.earliestEnd;
    while ((this.cuts.firsts[this.latestFirst + 1] ?? Infinity) <= sample) {
      this.latestFirst++;
    }
    while ((this.cuts.ends[this.earliestEnd] ?? Infinity) <= sample) {
      this.earliestEnd++;
    }
    return this.latestFirst + this.earliestEnd > before;
  }
}

/** Runs in the order of the bytes; neighbours that the same slices take are one, and so are runs that overlap. */
function joinRuns(runs: readonly ByteRun[]): ByteRun[] {
  const joined: ByteRun[] = [];
  for (const run of [...runs].sort((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1);
    if (last === undefined) {
      joined.push({ ...run });
    } else if (run.offset < last.end) {
      last.end = Math.max(last.end, run.end);
      last.latestFirst = Math.max(last.latestFirst, run.latestFirst);
      last.earliestEnd = Math.min(last.earliestEnd, run.earliestEnd);
    } else if (
      !run.beginsGop &&
      run.latestFirst === last.latestFirst &&
      run.earliestEnd === last.earliestEnd
    ) {
      last.end = run.end;
    } else {
      joined.push({ ...run });
    }
  }
  return joined;
}
