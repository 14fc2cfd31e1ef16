import { packLeaves, unpackLeaves } from '../index/packed-leaves';
import type { PlanObject } from './movie-plan';

type ObjectFacts = Omit<PlanObject, 'leaves' | 'packedLeaves'>;

/** An object of a plan whose leaves stay packed until they are asked for: a day has hundreds of thousands. */
export function makePlanObject(facts: ObjectFacts, packedLeaves: Uint8Array): PlanObject {
  const { bucket, key, etag, sizeBytes, sha256, startMs, endMs } = facts;
  return {
    bucket,
    key,
    etag,
    sizeBytes,
    sha256,
    startMs,
    endMs,
    packedLeaves,
    get leaves() {
      return unpackLeaves(packedLeaves);
    },
  };
}

export function packedLeavesOf(object: PlanObject): Uint8Array {
  return object.packedLeaves ?? packLeaves(object.leaves);
}
