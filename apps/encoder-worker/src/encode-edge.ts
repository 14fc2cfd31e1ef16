import { copiesOf, edgeSetId, type PlacedPart } from '@clipmesh/archive';
import { ExportError } from '@clipmesh/errors';
import { edgeArguments } from '@clipmesh/ffmpeg';
import { ticks } from '@clipmesh/media';
import type { Encoders } from './encoders';
import { encodePart, type PartOrder } from './encode-part';
import type { EncodedPartPieces, WrittenPiece } from './pieces';

export interface EdgeOrder extends Omit<PartOrder, 'argumentsOf'> {
  readonly framesPerSecond: number;
}

/**
 * Makes one edge of a range: takes what of it can stay as it was recorded, sound and all, into an object of its own, and
 * encodes the pictures that cannot.
 */
export async function encodeEdge(encoders: Encoders, order: EdgeOrder): Promise<EncodedPartPieces> {
  const { plan, part, framesPerSecond, refOf, signal } = order;
  const [main] = plan.tracks;
  if (main === undefined) {
    throw new ExportError('InternalError', { message: 'a plan whose edges are encoded has no video' });
  }
  const copies = copiesOf(plan, part.window);
  const encoded = encodedPart(order);
  const { window } = part;
  const copied: WrittenPiece[] = [];
  if (copies !== undefined) {
    const object = await encoders.copy({ plan: copies, ref: refOf(0), signal });
    copied.push({ object, span: [0, (window.copiedTo ?? window.from) - window.from] });
  }
  const setId = edgeSetId(main);
  const { pieces, gaps } = await encodePart(encoders, {
    ...order,
    part: encoded,
    refOf: (piece) => refOf(piece + copied.length),
    argumentsOf: (of) => edgeArguments({ window: of, setId, framesPerSecond, threads: encoders.threads }),
  });
  const behind = encoded.window.from - window.from;
  const moved = pieces.map(({ object, span: [from, to] }): WrittenPiece => {
    return { object, span: [from + behind, to + behind] };
  });
  return { pieces: [...copied, ...moved], ...(copied.length > 0 && { beginsWithCopies: true }), gaps };
}

/** The part without what is copied at its start; nothing is left of some. */
function encodedPart({ plan, part, clock }: EdgeOrder): PlacedPart {
  const { window, start, end } = part;
  const from = window.copiedTo ?? window.from;
  const { range, to } = window;
  const timescale = plan.tracks[0]?.timescale ?? 1;
  return {
    window: { range, from: ticks(from), to },
    start: start + clock.of(from - window.from, timescale),
    end,
  };
}
