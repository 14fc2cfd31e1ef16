import { wallTime, type WallTime } from '@clipmesh/media';
import { packObject } from '../index/packed-object';
import type { IndexedObject } from '../index/segment-entry';
import type { PlanObject } from '../plan/movie-plan';
import { PackedPlanObject } from '../plan/plan-object';

/** The objects of an encoded movie, each once; those of a plan that goes on with them keep their numbers. */
export class JoinedObjects {
  readonly objects: PlanObject[];
  private readonly numbers = new Map<string, number>();

  constructor(planned: readonly PlanObject[] = []) {
    this.objects = [...planned];
  }

  numberOf(object: IndexedObject, { wallStartMs }: { readonly wallStartMs: WallTime }): number {
    const known = this.numbers.get(object.key);
    if (known !== undefined) {
      return known;
    }
    const { leaves } = packObject(object);
    const entry = { ...object, startMs: wallStartMs, endMs: wallTime(wallStartMs), indexedAtMs: wallStartMs };
    const number = this.objects.push(new PackedPlanObject(entry, leaves)) - 1;
    this.numbers.set(object.key, number);
    return number;
  }
}
