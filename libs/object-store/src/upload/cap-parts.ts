import type { Span } from '@clipmesh/media';
import type { PartLimits, PlannedPart } from './planned-part';

/** At most `maxParts` parts: as few neighbours as needed are put together, the smallest first. */
export function capParts(parts: PlannedPart[], limits: PartLimits): PlannedPart[] {
  let capped = parts;
  for (let joinedBytes = 2 * limits.minBytes; capped.length > limits.maxParts; joinedBytes *= 2) {
    capped = joinNeighbours(capped, joinedBytes, capped.length - limits.maxParts);
  }
  return capped;
}

function joinNeighbours(parts: readonly PlannedPart[], joinedBytes: number, excess: number): PlannedPart[] {
  const joined: PlannedPart[] = [];
  let left = excess;
  for (const part of parts) {
    const before = joined.at(-1);
    if (left > 0 && before !== undefined && before.length + part.length <= joinedBytes) {
      joined[joined.length - 1] = join(before, part);
      left--;
    } else {
      joined.push(part);
    }
  }
  return joined;
}

function join(before: PlannedPart, part: PlannedPart): PlannedPart {
  const length = before.length + part.length;
  return { kind: 'upload', pieces: [...piecesOf(before), ...piecesOf(part)], length };
}

function piecesOf(part: PlannedPart): readonly Span[] {
  return part.kind === 'upload' ? part.pieces : [{ ...part, kind: 'object' }];
}
