import { createHash } from 'node:crypto';
import { ExportError } from '@clipmesh/errors';
import type { MovieLayout, Span } from '@clipmesh/media';
import { leafEnds, unpackLeaves } from '../index/packed-leaves';
import type { Leaf } from '../index/segment-entry';
import type { MoviePlan } from '../plan/movie-plan';
import { packedLeavesOf } from '../plan/plan-object';

/**
 * The leaves of a laid-out file, in file order: inline bytes are hashed here, ranges of objects have been hashed when
 * the object was indexed. A plan cuts objects only where leaves end, so no byte of media is read.
 */
export function* fileLeaves(plan: MoviePlan, layout: MovieLayout): Generator<Leaf> {
  const known = new Map<number, OpenedLeaves>();
  for (const span of layout.spans) {
    if (span.kind === 'inline') {
      yield { length: span.bytes.length, sha256: createHash('sha256').update(span.bytes).digest() };
    } else {
      yield* leavesOfRange(span, openLeaves(plan, span.object, known));
    }
  }
}

interface OpenedLeaves {
  readonly ends: Float64Array;
  readonly leaves: readonly Leaf[];
}

/** The leaves of the object that was asked for last are kept: ranges of one object follow each other. */
function openLeaves(plan: MoviePlan, number: number, known: Map<number, OpenedLeaves>): OpenedLeaves {
  const opened = known.get(number);
  if (opened !== undefined) {
    return opened;
  }
  const object = plan.objects[number];
  if (object === undefined) {
    throw new ExportError('InternalError', {
      message: `a span points at object ${number}, the plan has ${plan.objects.length}`,
    });
  }
  const packed = packedLeavesOf(object);
  const fresh = { ends: leafEnds(packed), leaves: unpackLeaves(packed) };
  known.clear();
  known.set(number, fresh);
  return fresh;
}

function leavesOfRange(
  { object, offset, length }: Extract<Span, { kind: 'object' }>,
  { ends, leaves }: OpenedLeaves,
): readonly Leaf[] {
  const first = offset === 0 ? 0 : ends.indexOf(offset) + 1;
  const last = ends.indexOf(offset + length);
  if ((offset !== 0 && first === 0) || last < 0) {
    throw new ExportError('InternalError', {
      message: `bytes ${offset} to ${offset + length} of object ${object} do not end where its leaves do`,
    });
  }
  return leaves.slice(first, last + 1);
}
