import { makeManifest, type Manifest } from '@clipmesh/archive';
import {
  BUCKETS,
  exportKey,
  manifestKey,
  type JobRecord,
  type StoredObject,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import type { Abortable, ObjectRef, ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { claimsBefore } from './earlier-claims';
import { digestFile } from './file-digest';
import { writeMovie } from './write-movie';
import { layOutJob } from './written-movie';

/**
 * Writes a job's file and manifest and checks them: under keys of this claim, or the file where an earlier claim began
 * it. Nothing is visible yet: the scheduler's commit decides whether they become an export or are removed (ADR-0011).
 */
export async function writeExport(
  store: ObjectStore,
  task: TaskRecord,
  job: JobRecord,
  { signal, progress }: TaskContext,
): Promise<TaskOutcome> {
  const written = await layOutJob(store, job, { signal });
  const { plan, layout } = written;
  const places = {
    target: fileOf(job, task.claim),
    earlier: claimsBefore(task.claim)
      .reverse()
      .map((claim) => fileOf(job, claim)),
  };
  const file = await writeMovie(store, places, written, {
    signal,
    onProgress: (doneBytes) => {
      progress((100 * doneBytes) / layout.sizeBytes);
    },
  });
  const document = makeManifest({
    plan,
    layout,
    job: { id: job.id, name: job.name, topologyName: job.topologyName },
    output: { videoName: job.pipeline.sink.videoName, ...file },
  });
  const digested =
    job.options.digest === 'required' ? { sha256: await digestFile(store, file, document, { signal }) } : {};
  const manifest = await putManifest(store, manifestKey(job.id, task.claim), document, { signal });
  const { treeDigest } = document;
  return {
    stage: 'write',
    file,
    manifest,
    treeDigest,
    delivered: plan.delivered,
    gaps: plan.gaps,
    ...digested,
  };
}

function fileOf({ id }: JobRecord, claim: number): ObjectRef {
  return { bucket: BUCKETS.exports, key: exportKey(id, claim) };
}

async function putManifest(
  store: ObjectStore,
  key: string,
  document: Manifest,
  options: Abortable,
): Promise<StoredObject> {
  const bytes = Buffer.from(JSON.stringify(document));
  const ref = { bucket: BUCKETS.exports, key };
  const { etag } = await store.put(ref, bytes, { contentType: 'application/json', ...options });
  return { ...ref, etag, sizeBytes: bytes.length };
}
