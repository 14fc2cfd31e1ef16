import type { WallTime } from '@clipmesh/media';
import type { Topology } from '@clipmesh/pipeline';

/** KV `topologies`, by name. Changed by topology-registry alone, by compare-and-set. */
export interface TopologyRecord {
  readonly format: 1;
  /** New for every creation; stands in event subjects in place of the name. */
  readonly id: string;
  readonly name: string;
  /** In the final names, secrets included: answers are made by leaving them out. */
  readonly body: Topology;
  readonly createdAtMs: WallTime;
  readonly lastModifiedAtMs: WallTime;
  /** Set while somebody looks whether jobs stand in the way of deleting it; it counts for half a minute only. */
  readonly deletingSinceMs?: WallTime;
}

/** Body of `events.topology.<id>.<put|deleted>`. */
export interface TopologyEvent {
  readonly format: 1;
  readonly id: string;
  readonly name: string;
  readonly atMs: WallTime;
}
