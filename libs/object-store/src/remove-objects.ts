import { listObjects } from './list-objects';
import type { Abortable, ObjectRef } from './object-ref';
import { toStoreError } from './s3-errors';
import type { S3Session } from './s3-session';

/** What S3 takes in one DeleteObjects request. */
const BATCH_KEYS = 1_000;

/** Removes an object; one that is not there is fine. */
export async function removeObject(session: S3Session, ref: ObjectRef, options: Abortable): Promise<void> {
  await session.call({ ...options, request: { verb: 'remove', ...ref } }, () =>
    session.client.removeObject(ref.bucket, ref.key),
  );
}

export async function removeObjects(
  session: S3Session,
  bucket: string,
  keys: readonly string[],
  options: Abortable,
): Promise<void> {
  for (let from = 0; from < keys.length; from += BATCH_KEYS) {
    await removeBatch(session, bucket, keys.slice(from, from + BATCH_KEYS), options);
  }
}

/** Removes all objects below a prefix and says how many there were. */
export async function removePrefix(
  session: S3Session,
  bucket: string,
  prefix: string,
  options: Abortable,
): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  for await (const { key } of listObjects(session, bucket, prefix, options)) {
    batch.push(key);
    if (batch.length === BATCH_KEYS) {
      await removeBatch(session, bucket, batch, options);
      removed += batch.length;
      batch = [];
    }
  }
  await removeObjects(session, bucket, batch, options);
  return removed + batch.length;
}

async function removeBatch(
  session: S3Session,
  bucket: string,
  keys: string[],
  options: Abortable,
): Promise<void> {
  const request = { verb: 'removeMany', bucket, details: { keys: keys.length } };
  const answers: unknown[] = await session.call({ ...options, request }, () =>
    session.client.removeObjects(bucket, keys),
  );
  const refusal = answers.find(isRefusal);
  if (refusal !== undefined) {
    throw toStoreError(refusal, { ...request, key: String(refusal.Key) });
  }
}

interface Refusal {
  readonly Code: string;
  readonly Key?: unknown;
}

/** minio-js types these answers as wrapped in `Error`; 8.0.7 gives the elements themselves. */
function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'Code' in answer && typeof answer.Code === 'string';
}
