import type { RangeLimits } from '@clipmesh/pipeline';
import type { Ask } from './jobs-of-topology';
import type { TopologyStore } from './topology-store';

/** What the handlers work with. */
export class Surroundings {
  constructor(
    readonly store: TopologyStore,
    readonly ask: Ask,
    readonly limits: RangeLimits,
  ) {}
}
