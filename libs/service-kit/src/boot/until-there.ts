import { pause } from '@clipmesh/bus';
import { toExportError } from '@clipmesh/errors';
import type { WorkLog } from '../work/work-log';

export interface Patience {
  readonly patienceMs: number;
  readonly log: WorkLog;
}

const PAUSE_MS = 500;

/** Tries until what is needed answers: servers may come up after us. What no waiting mends is thrown at once. */
export async function untilThere<T>(what: string, act: () => Promise<T>, patience: Patience): Promise<T> {
  const giveUpAt = performance.now() + patience.patienceMs;
  for (;;) {
    try {
      return await act();
    } catch (thrown) {
      const error = toExportError(thrown);
      const comesByItself = error.code === 'BusUnreachable' || error.code === 'StoreUnreachable';
      if (!comesByItself || performance.now() > giveUpAt) {
        throw error;
      }
      patience.log.warn({ code: error.code, reason: error.message }, `waiting for ${what}`);
      await pause(PAUSE_MS);
    }
  }
}
