import { createHash } from 'node:crypto';
import { LeafHasher } from './leaf-hasher';

const BYTES = Buffer.from('the bytes of an object');
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

describe('LeafHasher', () => {
  it.each([
    ['whole', [22]],
    ['byte by byte', Array<number>(22).fill(1)],
    ['across borders', [3, 10, 9]],
  ])('hashes every leaf, fed %s', (_, lengths) => {
    const hasher = new LeafHasher([4, 10, 22]);
    let at = 0;
    for (const length of lengths) {
      hasher.push(BYTES.subarray(at, at + length));
      at += length;
    }
    expect(hasher.finish().map((leaf) => [leaf.length, Buffer.from(leaf.sha256)])).toEqual([
      [4, sha256(BYTES.subarray(0, 4))],
      [6, sha256(BYTES.subarray(4, 10))],
      [12, sha256(BYTES.subarray(10, 22))],
    ]);
  });

  it('refuses an object that has become shorter', () => {
    const hasher = new LeafHasher([4, 23]);
    hasher.push(BYTES);
    expect(() => hasher.finish()).toThrow('expected an object of 23 bytes, got 22');
  });

  it('refuses an object that has become longer', () => {
    expect(() => {
      new LeafHasher([4, 21]).push(BYTES);
    }).toThrow('expected an object of 21 bytes, got 22');
  });
});
