import * as fc from 'fast-check';
import { wallTime } from '@clipmesh/media';
import type { FoldedIndex } from './catalog-hour';
import { keyPrints, mayHoldKeys } from './key-prints';

const indexOf = (prints: string | undefined): FoldedIndex => ({
  key: '',
  sha256: '',
  sizeBytes: 0,
  count: 0,
  startMs: wallTime(0),
  endMs: wallTime(0),
  ...(prints === undefined ? {} : { keyPrints: prints }),
});

it('never denies a key that the object holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (keys, at) => {
      expect(mayHoldKeys([keys[at % keys.length]!])(indexOf(keyPrints(keys)))).toBe(true);
    }),
  );
});

it('denies nearly every key that it does not hold', () => {
  const held = indexOf(keyPrints(Array.from({ length: 100 }, (_, i) => `held-${String(i)}`)));
  const others = Array.from({ length: 1_000 }, (_, i) => `other-${String(i)}`);
  expect(others.filter((key) => mayHoldKeys([key])(held))).toEqual([]);
});

it('denies nothing of an object of an older release', () => {
  expect(mayHoldKeys(['any'])(indexOf(undefined))).toBe(true);
});
