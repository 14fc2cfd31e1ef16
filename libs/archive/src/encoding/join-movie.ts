import type { MoviePlan, PlanObject } from '../plan/movie-plan';
import { copiedVideo } from './copied-video';
import type { EncodedMovie } from './encoded-movie';
import { deliveredExactly, without } from './exact-delivery';
import { JoinedObjects } from './joined-objects';
import { joinSound, type Stretch } from './joined-sound';
import { joinVideo } from './joined-video';
import { feedLength, feedStart } from './place-parts';
import { placePieces, type PlacedPiece } from './placed-pieces';
import { interleave } from './timed-ranges';

/**
 * All that encoders made of a movie as one plan of the very form that the sink understands: it need not know that anything
 * was encoded. Every frame is shown at its time, no seam is visible in the tables, and nothing is hidden but what an encoder
 * of sound puts before the first sample.
 */
export function joinMovie(movie: EncodedMovie): MoviePlan {
  const objects = new JoinedObjects();
  const pieces = placePieces(movie.feeds, movie.clock);
  const isEncoded = pieces.length > 0;
  const picture = isEncoded
    ? joinVideo(pieces, movie.clock.videoTimescale, objects)
    : copiedVideo(movie, objects);
  const stretches = isEncoded ? stretchesOf(pieces, movie) : [wholeOf(movie)];
  const sound =
    movie.sound.length === 0 ? undefined : joinSound(movie.sound, stretches, movie.clock.timescale, objects);
  const joined = [picture, sound].filter((track) => track !== undefined);
  return {
    ...headOf(movie, isEncoded),
    objects: objects.objects,
    ranges: interleave(joined.flatMap(({ ranges }) => ranges)),
    tracks: joined.map(({ track }) => track),
    windows: [],
  };
}

function headOf(
  { feeds, gaps }: EncodedMovie,
  isEncoded: boolean,
): Omit<MoviePlan, 'objects' | 'ranges' | 'tracks' | 'windows'> {
  const plans = feeds.map(({ plan }) => plan);
  const [first] = plans;
  if (first === undefined) {
    throw new RangeError('a movie has no feed');
  }
  const warnings = plans.flatMap((plan) => plan.warnings);
  return {
    format: 1,
    video: first.video,
    requested: plans.flatMap(({ requested }) => requested),
    delivered: without(plans.flatMap(isEncoded ? deliveredExactly : ({ delivered }) => delivered), gaps),
    gaps: [...plans.flatMap((plan) => plan.gaps), ...gaps],
    edges: isEncoded ? 'exact' : first.edges,
    // An encoder cuts where it was asked to.
    warnings: isEncoded ? warnings.filter(({ code }) => code !== 'EdgesMoved') : warnings,
    catalogRevisions: first.catalogRevisions,
    sources: sourcesOf(plans),
  };
}

function sourcesOf(plans: readonly MoviePlan[]): readonly PlanObject[] {
  const byKey = new Map(plans.flatMap(({ objects }) => objects).map((object) => [object.key, object]));
  return [...byKey.values()];
}

/** Pieces between which nothing is left out, together. */
function stretchesOf(pieces: readonly PlacedPiece[], { clock }: EncodedMovie): Stretch[] {
  const found: { start: number; end: number; at: number }[] = [];
  for (const { start, end, at } of pieces) {
    const last = found.at(-1);
    if (last?.end === start) {
      last.end = end;
    } else {
      found.push({ start, end, at: Math.round((at * clock.timescale) / clock.videoTimescale) });
    }
  }
  return found;
}

function wholeOf({ feeds, clock }: EncodedMovie): Stretch {
  return {
    start: 0,
    end: feedStart(
      clock,
      feeds.map(({ plan }) => feedLength(plan)),
    ),
    at: 0,
  };
}
