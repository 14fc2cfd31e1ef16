import { ExportError } from '@clipmesh/errors';
import type { BufferCount } from './counted-buffers';
import { mutate } from './mutate';
import { Random } from './random';
import type { FuzzTarget } from './targets';

/**
 * What came of bytes: a value; a refusal by what stands in a table or member; or one that even the walk from box to box, or
 * the frame of a record, gives.
 */
export const OUTCOMES = ['value', 'refusal', 'early refusal'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Tried {
  readonly outcome: Outcome;
  /** Of all array buffers that were asked for. */
  readonly bufferBytes: number;
  /** Why, without the numbers. */
  readonly reason?: string;
}

/** What a run reads. The same target, seed and number always make the same bytes. */
export function bytesOfRun(target: FuzzTarget, seed: number, run: number): { bytes: Buffer; random: Random } {
  const random = new Random((Math.imul(seed, 0x9e37_79b1) + run) | 0);
  return { bytes: mutate(random.oneOf(target.seeds), random, target.mutate), random };
}

export function runOnce(target: FuzzTarget, seed: number, run: number, count: BufferCount): Tried {
  const { bytes, random } = bytesOfRun(target, seed, run);
  return tryBytes(target, bytes, random, count);
}

/** Array buffers that reading so many bytes may ask for, all together. The heap beside them is bound by the process. */
export function bufferBound(target: FuzzTarget, sizeBytes: number): number {
  return target.memory.fixedBytes + target.memory.bytesPerByte * sizeBytes;
}

/** Throws what makes bytes a finding: any error that is no refusal of the target, and memory beyond the bound. */
export function tryBytes(target: FuzzTarget, bytes: Buffer, random: Random, count: BufferCount): Tried {
  const { value, bytes: bufferBytes } = count.during(bufferBound(target, bytes.length), () =>
    read(target, bytes, random),
  );
  return { ...value, bufferBytes };
}

function read(target: FuzzTarget, bytes: Buffer, random: Random): Omit<Tried, 'bufferBytes'> {
  try {
    target.read(bytes, random);
    return { outcome: 'value' };
  } catch (error) {
    if (!(error instanceof ExportError && target.refusals.test(error.code))) {
      throw error;
    }
    const reason = error.message.replaceAll(/\d+/g, 'N');
    return { outcome: target.isEarly(error) ? 'early refusal' : 'refusal', reason };
  }
}
