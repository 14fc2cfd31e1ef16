import type { BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';

/** No rotation, no scaling: 16.16 numbers, 2.30 in the last column (ISO/IEC 14496-12 §8.2.2.2). */
export const UNITY_MATRIX: readonly number[] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

export function readMatrix(body: ByteReader): readonly number[] {
  return UNITY_MATRIX.map(() => body.i32());
}

export function writeMatrix(w: BoxWriter, matrix: readonly number[]): void {
  UNITY_MATRIX.forEach((_, i) => {
    w.u32(matrix[i] ?? 0);
  });
}
