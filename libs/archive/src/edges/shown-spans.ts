import type { PlanWindow } from '../plan/movie-plan';
import type { EncodedEdge } from './edged-movie';

/** A stretch of the plan that the movie shows without a break; ticks of the plan's first track. */
export interface ShownSpan {
  readonly from: number;
  readonly to: number;
  /** When it begins in the movie. */
  readonly at: number;
}

/** A window with what was made of it; nothing for one that is copied. */
export interface MadeWindow {
  readonly window: PlanWindow;
  readonly edge?: EncodedEdge;
}

/** What of a stretch of windows is shown, beginning at the instant `at`: all but what could not be decoded. */
export function shownSpans(stretch: readonly MadeWindow[], at: number): ShownSpan[] {
  const spans: ShownSpan[] = [];
  for (const [from, to] of stretch.flatMap(shownOf)) {
    const last = spans.at(-1);
    if (last?.to === from) {
      spans[spans.length - 1] = { ...last, to };
    } else {
      spans.push({ from, to, at: last === undefined ? at : endOf(last) });
    }
  }
  return spans;
}

function shownOf({ window, edge }: MadeWindow): readonly (readonly [from: number, to: number])[] {
  const { from, to, copiedTo = from } = window;
  return edge === undefined
    ? [[from, to]]
    : [
        ...(copiedTo > from ? [[from, copiedTo] as const] : []),
        ...edge.pieces.map((piece) => [from + piece.from, from + piece.to] as const),
      ];
}

/** The instant of the movie at which a span ends. */
export const endOf = ({ from, to, at }: ShownSpan): number => at + to - from;

/** The instant of the movie at which something of the plan is shown. */
export function instantOf(spans: readonly ShownSpan[], time: number): number | undefined {
  const span = spans.find(({ from, to }) => time >= from && time < to);
  return span && span.at + time - span.from;
}
