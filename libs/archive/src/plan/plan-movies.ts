import { wallTime, type TimeRange } from '@clipmesh/media';
import { intersect } from '../catalog/coverage';
import type { SegmentEntry } from '../index/segment-entry';
import { changeAt, changedWarning, type ConfigurationChange } from './configuration-change';
import type { PickedStretch } from './delivery';
import type { MoviePlan } from './movie-plan';
import { pickStretches, planMovie } from './plan-movie';
import type { Piece } from './piece';
import type { PlanRequest } from './plan-request';
import { canShareSampleEntry } from './sample-entry-identity';

/** Pieces that follow each other, of whatever stretches, and can share sample entries. */
interface Configuration {
  /** How it differs from the one before; none of the first. */
  readonly changes: readonly ConfigurationChange[];
  readonly parts: readonly StretchPart[];
}

interface StretchPart {
  readonly stretch: PickedStretch['stretch'];
  readonly pieces: readonly Piece[];
}

/**
 * Like {@link planMovie}; with `onConfigChange: 'split'` one plan for each codec configuration, in order. Each is
 * complete by itself: its requested ranges are those parts of the asked ones in which its configuration rules.
 */
export function planMovies(request: PlanRequest): readonly MoviePlan[] {
  if (request.onConfigChange !== 'split') {
    return [planMovie(request)];
  }
  const configurations = configurationsOf(pickStretches(request));
  if (configurations.length < 2) {
    return [planMovie(request)];
  }
  return configurations.map((configuration, i) => {
    const plan = planMovie(requestFor(request, configuration, configurations));
    const behind = configurations[i + 1]?.changes ?? [];
    const warnings = [
      ...configuration.changes.map((change) => changedWarning(change, 'this file begins there')),
      ...behind.map((change) => changedWarning(change, 'this file ends there, another begins')),
    ];
    return { ...plan, warnings: [...plan.warnings, ...warnings] };
  });
}

function configurationsOf(picked: readonly PickedStretch[]): Configuration[] {
  const found: {
    changes: readonly ConfigurationChange[];
    parts: { stretch: StretchPart['stretch']; pieces: Piece[] }[];
  }[] = [];
  const current = new CurrentTracks();
  for (const { stretch, pieces } of picked) {
    let isNewStretch = true;
    for (const piece of pieces) {
      const changes = current.follow(piece);
      if (changes.length > 0 || found.length === 0) {
        found.push({ changes, parts: [] });
        isNewStretch = true;
      }
      const parts = found.at(-1)?.parts ?? [];
      if (isNewStretch) {
        parts.push({ stretch, pieces: [] });
        isNewStretch = false;
      }
      parts.at(-1)?.pieces.push(piece);
    }
  }
  return found;
}

/** The tracks of the configuration that rules. */
class CurrentTracks {
  private tracks = new Map<string, Piece['slices'][number]['track']['summary']>();

  /** How a piece differs; then it rules. */
  follow(piece: Piece): ConfigurationChange[] {
    const own = piece.slices.map(({ track }) => track.summary);
    const changes = own.flatMap((track) => {
      const before = this.tracks.get(track.kind);
      return before === undefined || canShareSampleEntry(before, track)
        ? []
        : [changeAt(piece, before, track)];
    });
    if (changes.length > 0) {
      this.tracks = new Map();
    }
    for (const track of own) {
      this.tracks.set(track.kind, track);
    }
    return changes;
  }
}

function requestFor(
  request: PlanRequest,
  { parts }: Configuration,
  all: readonly Configuration[],
): PlanRequest {
  const cuts = parts.flatMap(({ stretch, pieces }) => {
    const span = spanOf(pieces, stretch, all);
    const segments = pieces.map(({ segment }) => segment);
    return stretch.ranges.flatMap((number) => {
      const range = request.ranges[number];
      const cut = range && intersect(range, span);
      return cut === undefined ? [] : [{ range: cut, segments }];
    });
  });
  return {
    ...request,
    onConfigChange: 'fail',
    ranges: cuts.map(({ range }) => range),
    segments: cuts.map(({ segments }): readonly SegmentEntry[] => segments),
  };
}

/**
 * Wall time in which a configuration rules a stretch: from its first segment to the first of the next configuration, or
 * to its own end where that is later. What is not recorded between two belongs to the earlier.
 */
function spanOf(
  pieces: readonly Piece[],
  stretch: StretchPart['stretch'],
  all: readonly Configuration[],
): TimeRange {
  const inStretch = all.flatMap(({ parts }) => parts).filter((part) => part.stretch === stretch);
  const at = inStretch.findIndex((part) => part.pieces === pieces);
  const next = inStretch[at + 1]?.pieces[0]?.segment.startMs;
  const ownEnd = Math.max(...pieces.map(({ segment }) => segment.endMs));
  return {
    startMs: at === 0 ? stretch.startMs : (pieces[0]?.segment.startMs ?? stretch.startMs),
    endMs: next === undefined ? stretch.endMs : wallTime(Math.min(stretch.endMs, Math.max(next, ownEnd))),
  };
}
