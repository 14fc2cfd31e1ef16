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
import type { Abortable, ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { claimsBefore, removeEarlierClaims } from './earlier-claims';
import { digestFile } from './file-digest';
import { writeMovie } from './write-movie';
import { layOutJob } from './written-movie';

/**
 * Writes a job's file and manifest under keys of this claim, and checks them. Nothing is visible yet: the
 * scheduler's commit decides whether they become an export or are removed (ADR-0011).
 */
export async function writeExport(
  store: ObjectStore,
  task: TaskRecord,
  job: JobRecord,
  { signal, progress }: TaskContext,
): Promise<TaskOutcome> {
  const [written] = await Promise.all([
    layOutJob(store, job, { signal }),
    removeEarlierClaims(store, job.id, claimsBefore(task.claim), { signal }),
  ]);
  const { plan, layout } = written;
  const target = { bucket: BUCKETS.exports, key: exportKey(job.id, task.claim) };
  const file = await writeMovie(store, target, written, {
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
