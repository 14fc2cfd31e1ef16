import { setTimeout as delay } from 'node:timers/promises';

/** How often and how long a request is tried again. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** Rides out a restart of the store's process (about 3 s in all); longer absences are the task's matter. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 5, baseDelayMs: 100, maxDelayMs: 1_500 };

/** Wait before try `attempt + 1`: doubled each time, half of it by chance, so that many workers do not knock together. */
export function backoffMs(attempt: number, policy: RetryPolicy, chance: number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + chance / 2));
}

export async function backOff(
  attempt: number,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await delay(backoffMs(attempt, policy, Math.random()), undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}
