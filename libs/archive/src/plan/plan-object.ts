import type { WallTime } from '@clipmesh/media';
import { packLeaves, unpackLeaves } from '../index/packed-leaves';
import type { Leaf } from '../index/segment-entry';
import type { PlanObject } from './movie-plan';

type ObjectFacts = Omit<PlanObject, 'leaves' | 'packedLeaves'>;

/** An object of a plan whose leaves stay packed until they are asked for: a day has hundreds of thousands. */
export class PackedPlanObject implements PlanObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly startMs: WallTime;
  readonly endMs: WallTime;

  constructor(
    facts: ObjectFacts,
    readonly packedLeaves: Uint8Array,
  ) {
    this.bucket = facts.bucket;
    this.key = facts.key;
    this.etag = facts.etag;
    this.sizeBytes = facts.sizeBytes;
    this.sha256 = facts.sha256;
    this.startMs = facts.startMs;
    this.endMs = facts.endMs;
  }

  get leaves(): readonly Leaf[] {
    return unpackLeaves(this.packedLeaves);
  }
}

export function packedLeavesOf(object: PlanObject): Uint8Array {
  return object.packedLeaves ?? packLeaves(object.leaves);
}
