import { sampleOffsets, type MediaRange } from '@clipmesh/media';
import { cutTrack } from '../plan/cut-track';
import type { MoviePlan } from '../plan/movie-plan';
import { parameterSetsOf } from '../plan/parameter-sets';
import { readRun } from '../plan/read-run';
import { edgesUnsupported, expectEdges } from './edge-codec';
import { edgeStretches } from './edge-windows';

type ObjectBytes = Exclude<MediaRange, { readonly inline: Uint8Array }>;

/** Parameter sets and messages come before the slices of a picture, and are small. */
const MOST_BYTES = 4096;
const SLICE = 1;
const IDR_SLICE = 5;

/** The first bytes of every picture that copying begins with: see {@link expectIdr}. */
export function copyStarts(plan: MoviePlan): readonly ObjectBytes[] {
  const main = expectEdges(plan);
  return edgeStretches(plan).flatMap((stretch) => {
    const first = stretch.find(({ isCopied, copiedTo }) => isCopied === true || copiedTo !== undefined);
    const [run] =
      first === undefined ? [] : (cutTrack(main, first.from, first.copiedTo ?? first.to)?.runs ?? []);
    if (run === undefined) {
      return [];
    }
    const table = readRun(run, main);
    const offset = sampleOffsets(table)[0] ?? 0;
    return [{ object: run.object, offset, length: Math.min(table.sizes[0] ?? 0, MOST_BYTES) }];
  });
}

/**
 * Parameter sets change between what is encoded and what is copied, and that takes an IDR picture (ITU-T H.264 §7.4.1.2.1): the
 * index knows where decoding can begin, but not how. Throws `EdgesUnsupported`.
 */
export function expectIdr(plan: MoviePlan, sample: Uint8Array): void {
  const { lengthBytes = 4 } = parameterSetsOf(expectEdges(plan)) ?? {};
  const bytes = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength);
  for (let at = 0; at + lengthBytes < bytes.length;) {
    const type = (bytes[at + lengthBytes] ?? 0) & 31;
    if (type === IDR_SLICE) {
      return;
    }
    if (type >= SLICE && type < IDR_SLICE) {
      break;
    }
    at += lengthBytes + bytes.readUIntBE(at, lengthBytes);
  }
  throw edgesUnsupported('its sync samples are no IDR pictures');
}
