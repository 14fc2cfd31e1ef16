import { makeManifest, type Manifest, type MoviePlan } from '@clipmesh/archive';
import {
  asFiles,
  BUCKETS,
  exportKey,
  manifestKey,
  outputVideoName,
  type JobRecord,
  type StoredObject,
  type TaskOutcome,
  type TaskRecord,
  type WrittenFile,
} from '@clipmesh/contracts';
import type { Abortable, ObjectRef, ObjectStore } from '@clipmesh/object-store';
import type { TaskContext } from '@clipmesh/service-kit';
import { claimsBefore } from './earlier-claims';
import { digestFile } from './file-digest';
import { writeMovie } from './write-movie';
import { filePlans, layOut } from './written-movie';

/**
 * Writes a job's files and their manifests and checks them: under keys of this claim, or a file where an earlier claim
 * began it. Nothing is visible yet: the scheduler's commit decides whether they become exports or are removed (ADR-0011).
 */
export async function writeExport(
  store: ObjectStore,
  task: TaskRecord,
  job: JobRecord,
  encodeTasks: () => Promise<readonly TaskRecord[]>,
  { signal, progress }: TaskContext,
): Promise<TaskOutcome> {
  const planned = filePlans(store, job, encodeTasks);
  const weights = planned.map(({ weight }) => weight);
  const total = sum(weights);
  const written: WrittenFile[] = [];
  for (const [index, file] of planned.entries()) {
    const done = sum(weights.slice(0, index));
    const share = weights[index] ?? 0;
    const onProgress = (fraction: number): void => {
      progress((100 * (done + share * fraction)) / total);
    };
    const plan = await file.read({ signal });
    written.push(await writeFile(store, { task, job, index }, plan, { signal, onProgress }));
  }
  return { stage: 'write', ...asFiles(written) };
}

/** Which of a job's files is written, and by which claim. */
interface FilePlace {
  readonly task: TaskRecord;
  readonly job: JobRecord;
  readonly index: number;
}

interface WriteFileOptions {
  readonly signal: AbortSignal;
  /** Told how much of the file is in place, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

async function writeFile(
  store: ObjectStore,
  { task, job, index }: FilePlace,
  plan: MoviePlan,
  { signal, onProgress }: WriteFileOptions,
): Promise<WrittenFile> {
  const written = layOut(plan, job.pipeline.sink);
  const { layout } = written;
  const places = {
    target: fileOf(job, task.claim, index),
    earlier: claimsBefore(task.claim)
      .reverse()
      .map((claim) => fileOf(job, claim, index)),
  };
  const file = await writeMovie(store, places, written, {
    signal,
    onProgress: (doneBytes) => {
      onProgress(doneBytes / layout.sizeBytes);
    },
  });
  const document = makeManifest({
    plan,
    layout,
    job: { id: job.id, name: job.name, topologyName: job.topologyName },
    output: { videoName: outputVideoName(job.pipeline.sink.videoName, index), ...file },
  });
  const digested =
    job.options.digest === 'required' ? { sha256: await digestFile(store, file, document, { signal }) } : {};
  const manifest = await putManifest(store, manifestKey(job.id, task.claim, index), document, { signal });
  const { treeDigest } = document;
  const { requested, delivered, gaps } = plan;
  return { file, manifest, treeDigest, requested, delivered, gaps, ...digested };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function fileOf({ id }: JobRecord, claim: number, index: number): ObjectRef {
  return { bucket: BUCKETS.exports, key: exportKey(id, claim, index) };
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
