import { decodeTrackIndex } from '@clipmesh/media';
import { borderBefore, borderBehind, cutPointsOf } from '../index/cut-points';
import { cutRun, cutTrack } from '../plan/cut-track';
import type { MoviePlan, PlanRun, PlanWindow } from '../plan/movie-plan';
import { RunReader } from '../plan/opened-run';
import { mediaTimeIn } from '../plan/sub-plan';
import { heardRuns, picturesBeside, trackPair, type TrackPair } from './heard-runs';

/** Sound of a stretch of windows, as runs on the plan's timeline, by where its samples lie. */
export interface StretchSound {
  /** Beside pictures that are encoded, before the copied window; all of it where none is copied. */
  readonly before: PlanRun[];
  /** Beside pictures that are copied. */
  readonly copied: PlanRun[];
  readonly behind: PlanRun[];
}

/** Sample numbers of an object's track, half-open. */
type Samples = readonly [from: number, to: number];

const NONE: Samples = [0, 0];
const ALL: Samples = [0, Infinity];

/**
 * Splits the sound of a stretch (`edgeStretches`) so that none of it is taken out of the archive together with pictures that are
 * not: what lies in the copied GOPs is taken with them, the rest by the tasks that encode the edges.
 */
export function stretchSound(plan: MoviePlan, stretch: readonly PlanWindow[]): StretchSound {
  const pair = trackPair(plan);
  return pair === undefined
    ? { before: [], copied: [], behind: [] }
    : splitSound(pair, heardRuns(pair, stretch), new CopiedPlaces(pair, stretch));
}

function splitSound({ sound }: TrackPair, runs: readonly PlanRun[], places: CopiedPlaces): StretchSound {
  const split: StretchSound = { before: [], copied: [], behind: [] };
  const cut = { ...sound, runs };
  const reader = new RunReader(cut);
  for (const [number, run] of runs.entries()) {
    const opened = reader.open(number);
    const take = (target: PlanRun[], from: number, to: number): void => {
      if (opened !== undefined && from < to) {
        target.push(cutRun(cut, opened, from, to, false).run);
      }
    };
    const { firstSample, sampleCount } = run;
    const [from, to] = places.samplesBeside(run);
    const within = (sample: number): number => Math.min(Math.max(sample - firstSample, 0), sampleCount);
    const elsewhere = split.copied.length === 0 ? split.before : split.behind;
    if (within(from) === within(to)) {
      take(elsewhere, 0, sampleCount);
    } else {
      take(elsewhere, 0, within(from));
      take(split.copied, within(from), within(to));
      take(split.behind, within(to), sampleCount);
    }
  }
  return split;
}

/** Which sound lies in the GOPs of the copied window of a stretch. */
class CopiedPlaces {
  private readonly copied: PlanWindow | undefined;
  private readonly pictures: readonly PlanRun[];

  constructor(
    private readonly pair: TrackPair,
    stretch: readonly PlanWindow[],
  ) {
    this.copied = stretch.find(({ isCopied }) => isCopied);
    const cut = this.copied && cutTrack(pair.main, this.copied.from, this.copied.to);
    this.pictures = cut?.runs ?? [];
  }

  samplesBeside(run: PlanRun): Samples {
    const pictures = picturesBeside(this.pair, run, this.pictures);
    if (pictures === undefined) {
      return this.isAlone(run) ? ALL : NONE;
    }
    const isBorder = pictures === this.pictures[0] || pictures === this.pictures.at(-1);
    return isBorder ? samplesInLeaves(pictures, run) : ALL;
  }

  /** Whether no picture lies in the object, and the copied window is heard then. */
  private isAlone({ object, decodeStart }: PlanRun): boolean {
    const { copied, pair } = this;
    const { main, sound } = pair;
    return (
      copied !== undefined &&
      decodeStart >= mediaTimeIn(main, sound, copied.from) &&
      decodeStart < mediaTimeIn(main, sound, copied.to) &&
      !main.runs.some((run) => run.object === object)
    );
  }
}

/** As the leaves of the object are cut: see `CutPoints`. */
function samplesInLeaves(pictures: PlanRun, sound: PlanRun): Samples {
  const tracks = [decodeTrackIndex(pictures.track), decodeTrackIndex(sound.track)];
  const [main, other] = cutPointsOf({ sizeBytes: 0, tracks }).tracks;
  if (main === undefined || other === undefined) {
    return NONE;
  }
  const last = pictures.firstSample + pictures.sampleCount - 1;
  return [
    other.firsts[borderBefore(main, pictures.firstSample)] ?? 0,
    other.ends[borderBehind(main, last)] ?? 0,
  ];
}
