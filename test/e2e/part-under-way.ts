import { partProgressSubject } from '@clipmesh/contracts';
import type { MeshClient } from '@clipmesh/local';

/** Resolves when a worker tells of a part of any job that it has in hand. */
export function partUnderWay({ bus }: MeshClient): Promise<void> {
  return new Promise((resolve) => {
    const stop = bus.onNudge(partProgressSubject('*'), () => {
      void stop();
      resolve();
    });
  });
}
