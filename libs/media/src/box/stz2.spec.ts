import { ByteReader } from '../bytes/byte-reader';
import { refusalOf } from '../fixture/refusal';
import { readStz2 } from './stz2';

const body = (...bytes: number[]): ByteReader => new ByteReader(Uint8Array.from(bytes), 'stz2');

describe('readStz2', () => {
  it.each([
    ['4 bits, an odd number of samples', 4, 3, [0x12, 0x30], [1, 2, 3]],
    ['8 bits', 8, 2, [200, 7], [200, 7]],
    ['16 bits', 16, 2, [1, 0, 0, 5], [256, 5]],
  ])('reads fields of %s', (_, bits, count, bytes, sizes) => {
    expect(readStz2(body(0, 0, 0, 0, 0, 0, 0, bits, 0, 0, 0, count, ...bytes))).toEqual({
      count,
      sizes: Uint32Array.from(sizes),
    });
  });

  it.each([
    ['fields of 5 bits', [5, 0, 0, 0, 1, 9], /^stz2 box has fields of 5 bits/],
    ['more samples than it has room for', [4, 0xff, 0xff, 0xff, 0xff, 9], /^stz2 box claims/],
    ['bytes behind its last field', [8, 0, 0, 0, 1, 9, 9], /^stz2 box is 1 bytes longer/],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusalOf(() => readStz2(body(0, 0, 0, 0, 0, 0, 0, ...bytes))).message).toMatch(message);
  });
});
