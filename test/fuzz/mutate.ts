import { mutateBoxes } from './mutate-boxes';
import { mutateBytes } from './mutate-bytes';
import { mutateTable } from './mutate-tables';
import type { Random } from './random';

/** Inputs stay small, so that a bound by their size says something. */
const MOST_BYTES = 512 * 1024;

/** Changes bytes that are right, or were before another change. */
export type Mutate = (bytes: Buffer, random: Random) => Buffer;

/** One to four changes, one after another. */
export function mutate(bytes: Buffer, random: Random, change: Mutate): Buffer {
  let changed = bytes;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    changed = Buffer.from(change(changed, random));
  }
  return changed.subarray(0, MOST_BYTES);
}

/** Of a recording: its tables, its boxes, or its bytes by accident. */
export function mutateRecording(seeds: readonly [Buffer, ...Buffer[]]): Mutate {
  return (bytes, random) =>
    random.weighted<Mutate>([
      [11, mutateTable],
      [6, (...given) => mutateBoxes(given[0], seeds, random)],
      [2, mutateBytes],
    ])(bytes, random);
}
