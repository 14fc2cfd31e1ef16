import type { EncodedPiece } from '../encoding/encoded-movie';
import type { IndexedObject } from '../index/segment-entry';
import type { Gap, MoviePlan } from '../plan/movie-plan';

/** What a task made of one window. Time 0 of its objects is the window's start, or that of the piece. */
export interface EncodedEdge {
  /** Samples as they were recorded: see `copiesOf`. */
  readonly copies?: IndexedObject;
  /** Frames that were encoded: ticks of the plan's first track from the window's start. */
  readonly pieces: readonly EncodedPiece[];
}

/** A plan with encoded edges. */
export interface EdgedMovie {
  /** See `edgePlan`. */
  readonly plan: MoviePlan;
  /** One for each of `edgesOf(plan)`. */
  readonly edges: readonly EncodedEdge[];
  /** What could not be decoded. */
  readonly gaps: readonly Gap[];
}
