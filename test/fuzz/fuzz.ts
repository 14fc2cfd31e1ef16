import { ExportError } from '@clipmesh/errors';
import { mutate } from './mutate';
import { Random } from './random';
import type { FuzzTarget } from './targets';

/**
 * What reading may take from the heap: tables of 2 million samples, which few bytes of runs can promise, and 64 bytes for
 * each byte of input.
 */
const FIXED_HEAP_BYTES = 128 * 1024 * 1024;
const HEAP_PER_INPUT_BYTE = 64;

export type Outcome = 'value' | 'refusal';

/** What a run reads. The same target, seed and number always make the same bytes. */
export function bytesOfRun(target: FuzzTarget, seed: number, run: number): { bytes: Buffer; random: Random } {
  const random = new Random((Math.imul(seed, 0x9e37_79b1) + run) | 0);
  return { bytes: mutate(random.oneOf(target.seeds), random), random };
}

export function runOnce(target: FuzzTarget, seed: number, run: number): Outcome {
  const { bytes, random } = bytesOfRun(target, seed, run);
  return tryBytes(target, bytes, random);
}

/** Throws what makes bytes a finding: any error that is no refusal of the target, and memory beyond the bound. */
export function tryBytes(target: FuzzTarget, bytes: Buffer, random: Random): Outcome {
  const before = usedBytes();
  const outcome = read(target, bytes, random);
  const grown = usedBytes() - before;
  if (grown > FIXED_HEAP_BYTES + HEAP_PER_INPUT_BYTE * bytes.length) {
    throw new Error(`took ${grown} bytes for an input of ${bytes.length}`);
  }
  return outcome;
}

function read(target: FuzzTarget, bytes: Buffer, random: Random): Outcome {
  try {
    target.read(bytes, random);
    return 'value';
  } catch (error) {
    if (error instanceof ExportError && target.refusals.test(error.code)) {
      return 'refusal';
    }
    throw error;
  }
}

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
