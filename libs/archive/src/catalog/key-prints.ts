import { createHash } from 'node:crypto';
import type { FoldedIndex } from './catalog-hour';

/** Three bytes as base64: of two keys, one in 16 million pairs has the same. */
const PRINT_CHARS = 4;

/** Prints of keys, one behind another: so an entry tells which keys an index object does not hold, in four bytes a key. */
export function keyPrints(keys: readonly string[]): string {
  return keys.map(keyPrint).join('');
}

function keyPrint(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, PRINT_CHARS);
}

/** Tells index objects that cannot hold any of the keys from those that must be read to know. */
export function mayHoldKeys(keys: readonly string[]): (index: FoldedIndex) => boolean {
  const prints = keys.map(keyPrint);
  return ({ keyPrints: held }) => held === undefined || prints.some((print) => hasPrint(held, print));
}

function hasPrint(held: string, print: string): boolean {
  for (let at = held.indexOf(print); at >= 0; at = held.indexOf(print, at + 1)) {
    if (at % PRINT_CHARS === 0) {
      return true;
    }
  }
  return false;
}
