import { corruptRecord } from '../record/container';
import type { Leaf } from './segment-entry';

const DIGEST_BYTES = 32;
export const PACKED_LEAF_BYTES = 8 + DIGEST_BYTES;

/**
 * Leaves as bytes: for each its length (u64, big-endian) and its SHA-256. Also what a tree digest is taken over.
 */
export function packLeaves(leaves: readonly Leaf[]): Uint8Array {
  const bytes = Buffer.alloc(leaves.length * PACKED_LEAF_BYTES);
  leaves.forEach(({ length, sha256 }, i) => {
    bytes.writeBigUInt64BE(BigInt(length), i * PACKED_LEAF_BYTES);
    bytes.set(sha256, i * PACKED_LEAF_BYTES + 8);
  });
  return bytes;
}

/** The digests are views of the given bytes. */
export function unpackLeaves(packed: Uint8Array): Leaf[] {
  const lengths = leafLengths(packed);
  return Array.from(lengths, (length, i) => {
    const digestStart = i * PACKED_LEAF_BYTES + 8;
    return { length, sha256: packed.subarray(digestStart, digestStart + DIGEST_BYTES) };
  });
}

/** Where each leaf ends in its object. */
export function leafEnds(packed: Uint8Array): Float64Array {
  const ends = leafLengths(packed);
  for (let i = 1; i < ends.length; i++) {
    ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
  }
  return ends;
}

function leafLengths(packed: Uint8Array): Float64Array {
  if (packed.length % PACKED_LEAF_BYTES !== 0) {
    throw corruptRecord('leaves', `has ${packed.length} bytes, no multiple of ${PACKED_LEAF_BYTES}`);
  }
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const lengths = new Float64Array(packed.length / PACKED_LEAF_BYTES);
  for (let i = 0; i < lengths.length; i++) {
    const at = i * PACKED_LEAF_BYTES;
    lengths[i] = view.getUint32(at) * 4_294_967_296 + view.getUint32(at + 4);
  }
  return lengths;
}
