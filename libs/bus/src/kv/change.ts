import { ExportError } from '@clipmesh/errors';
import { pause } from '../connection/pause';
import { isStale } from './kv-bucket';
import type { KvRecord, KvStore } from './kv-store';

export interface ChangeResult<T> {
  /** What stands there now; `undefined` when there is nothing and nothing was made. */
  readonly record: KvRecord<T> | undefined;
  readonly changed: boolean;
}

/** So many writers can be first, one after the other, before we give up; each of them got on. */
const ATTEMPTS = 32;
const LONGEST_PAUSE_MS = 50;

/**
 * Reads, asks `decide` for the new value, and saves it only if nobody was faster; otherwise from the start.
 * `decide` may be asked many times and must have no effect; `undefined` leaves the record as it is.
 * @throws ExportError `RevisionStale` when others were faster every time.
 */
export async function change<T>(
  store: Pick<KvStore<T>, 'get' | 'create' | 'update'>,
  key: string,
  decide: (value: T | undefined) => T | undefined,
): Promise<ChangeResult<T>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const record = await store.get(key);
    const value = decide(record?.value);
    if (value === undefined) {
      return { record, changed: false };
    }
    const revision = await save(store, key, value, record?.revision);
    if (revision !== undefined) {
      return { record: { key, value, revision }, changed: true };
    }
    await pause(Math.random() * Math.min(attempt * 2, LONGEST_PAUSE_MS));
  }
  throw new ExportError('RevisionStale', {
    message: `${key} was changed by others ${ATTEMPTS} times in a row`,
    details: { key },
  });
}

async function save<T>(
  store: Pick<KvStore<T>, 'create' | 'update'>,
  key: string,
  value: T,
  revision: number | undefined,
): Promise<number | undefined> {
  if (revision === undefined) {
    return store.create(key, value);
  }
  try {
    return await store.update(key, value, revision);
  } catch (error) {
    if (isStale(error)) {
      return undefined;
    }
    throw error;
  }
}
