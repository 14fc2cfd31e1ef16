import {
  planOfWindow,
  toMovie,
  type IndexedObject,
  type MoviePlan,
  type PlanWindow,
} from '@clipmesh/archive';
import { encodeArguments, runFfmpeg } from '@clipmesh/ffmpeg';
import { layOutMovie } from '@clipmesh/media';
import { sourceObjects, streamSpans, type ObjectRef, type ObjectStore } from '@clipmesh/object-store';
import type { EncoderSettings } from '@clipmesh/pipeline';
import { PartOnItsWay } from './store-part';
import { trackWindows } from './track-windows';

export interface WindowRequest {
  readonly encoder: EncoderSettings;
  /** Where the part goes. */
  readonly ref: ObjectRef;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told of the share that is done, 0 to 1. */
  readonly onProgress: (done: number) => void;
}

/** Longest that one window may take; a stuck ffmpeg must not hold a worker for ever. */
const TIMEOUT_MS = 12 * 60 * 60_000;

/** Encodes one window of a plan: the same virtual file that a sink would write, of its GOPs alone, through ffmpeg. */
export async function encodeWindow(
  store: ObjectStore,
  source: MoviePlan,
  window: PlanWindow,
  { encoder, ref, threads, signal, onProgress }: WindowRequest,
): Promise<IndexedObject> {
  const plan = planOfWindow(source, window);
  const { spans } = layOutMovie(toMovie(plan));
  const objects = sourceObjects(plan.objects);
  const durationUs = durationUsOf(plan);
  const part = new PartOnItsWay(store, ref, signal);
  await runFfmpeg({
    args: encodeArguments({ settings: encoder, window: trackWindows(plan), threads }),
    input: streamSpans(store, spans, objects, { signal }),
    consume: (output) => part.take(output),
    onProgress: ({ outTimeUs }) => {
      onProgress(Math.min(outTimeUs / durationUs, 1));
    },
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  return part.finish();
}

function durationUsOf({ tracks: [lead] }: MoviePlan): number {
  return lead === undefined ? 0 : (lead.presentation.duration * 1e6) / lead.timescale;
}
