import { ExportError } from '@clipmesh/errors';
import type { MoviePlan, PlanTrack } from '../plan/movie-plan';
import { parameterSetsOf } from '../plan/parameter-sets';
import { canEncodeLike, pictureParameterSetId, readSequenceParameters } from './sequence-parameters';

const SPS = 7;
const PPS = 8;
/** There are 32 sequence parameter sets (ITU-T H.264 §7.4.2.1.1). */
const SET_IDS = 32;

/** The video of a plan whose edges can be encoded: H.264, with the parameter sets of one camera. */
export function expectEdges({ tracks: [main] }: MoviePlan): PlanTrack {
  if (main?.kind !== 'video') {
    throw edgesUnsupported('it has no video');
  }
  if (main.runs.some(({ syncPrefixBytes = 0 }) => syncPrefixBytes > 0)) {
    throw edgesUnsupported('the camera was set anew inside the ranges');
  }
  edgeSetId(main);
  return main;
}

/**
 * Number for the parameter sets of what is encoded beside a camera's own: one that the camera does not use.
 * Throws `EdgesUnsupported` for pictures that an encoder of ours does not make.
 */
export function edgeSetId(main: PlanTrack): number {
  const sets = parameterSetsOf(main);
  if (sets?.family !== 'H.264') {
    throw edgesUnsupported(`its video is ${main.codec}, not H.264`);
  }
  const nals = sets.nals.filter((nal) => nal.length > 4);
  const sequences = nals.filter((nal) => typeOf(nal) === SPS).map(readSequenceParameters);
  if (sequences.length === 0) {
    throw edgesUnsupported('its sample entry has no parameter sets');
  }
  if (!sequences.every(canEncodeLike)) {
    throw edgesUnsupported('its pictures are not progressive 4:2:0 with 8 bits');
  }
  const used = new Set([
    ...sequences.map(({ id }) => id),
    ...nals.filter((nal) => typeOf(nal) === PPS).map(pictureParameterSetId),
  ]);
  const free = Array.from({ length: SET_IDS }, (_, i) => SET_IDS - 1 - i).find((id) => !used.has(id));
  if (free === undefined) {
    throw edgesUnsupported('it uses all numbers of parameter sets');
  }
  return free;
}

const typeOf = (nal: Uint8Array): number => (nal[0] ?? 0) & 31;

export function edgesUnsupported(what: string): ExportError {
  return new ExportError('EdgesUnsupported', {
    message: `the edges of this recording cannot be encoded on their own: ${what}`,
  });
}
