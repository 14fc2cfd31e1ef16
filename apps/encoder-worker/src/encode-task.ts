import { decodeMoviePlan, encodeMoviePlan, makeEncodedPlan, type MoviePlan } from '@clipmesh/archive';
import {
  BUCKETS,
  partKey,
  planKey,
  planSummary,
  type JobRecord,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError } from '@clipmesh/errors';
import type { EncoderSettings } from '@clipmesh/pipeline';
import type { TaskContext } from '@clipmesh/service-kit';
import { encodeWindow } from './encode-window';

export interface EncodeSettings {
  /** Threads of one ffmpeg. */
  readonly threads: number;
}

/**
 * Encodes a plan, window by window, into part objects, and hands back a plan of the same kind over the parts: the sink
 * need not know that anything was encoded.
 */
export async function encodeMovie(
  store: ObjectStore,
  task: TaskRecord,
  job: JobRecord,
  context: TaskContext,
  { threads }: EncodeSettings,
): Promise<TaskOutcome> {
  const { planned, encoder } = inputsOf(job);
  if (encoder.video === 'copy' && encoder.audio === 'copy') {
    return { stage: 'encode', ...planned };
  }
  const { signal } = context;
  const source = decodeMoviePlan(await store.readAll(planned.plan, { ifMatch: planned.plan.etag, signal }));
  const parts = [];
  for (const [number, window] of source.windows.entries()) {
    const ref = { bucket: BUCKETS.work, key: partKey(job.id, task.task, context.claim, number) };
    const onProgress = (done: number): void => {
      context.progress((100 * (number + done)) / source.windows.length);
    };
    const object = await encodeWindow(store, source, window, { encoder, ref, threads, signal, onProgress });
    parts.push({ object, window: number });
  }
  return storeEncoded(
    store,
    planKey({ ...task, claim: context.claim }),
    makeEncodedPlan(source, parts),
    signal,
  );
}

function inputsOf(job: JobRecord): { planned: NonNullable<JobRecord['planned']>; encoder: EncoderSettings } {
  const { planned, pipeline } = job;
  if (planned === undefined || pipeline.encoder === undefined) {
    throw new ExportError('InternalError', {
      message: `job ${job.name} is to be encoded and has no ${planned === undefined ? 'plan' : 'encoder'}`,
    });
  }
  return { planned, encoder: pipeline.encoder };
}

async function storeEncoded(
  store: ObjectStore,
  key: string,
  encoded: MoviePlan,
  signal: AbortSignal,
): Promise<TaskOutcome> {
  const bytes = encodeMoviePlan(encoded);
  const ref = { bucket: BUCKETS.work, key };
  const { etag } = await store.put(ref, bytes, { signal });
  const plan = { ...ref, etag, sizeBytes: bytes.length };
  return { stage: 'encode', plan, summary: planSummary(encoded) };
}
