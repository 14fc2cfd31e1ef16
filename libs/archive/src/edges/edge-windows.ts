import { ExportError } from '@clipmesh/errors';
import { deliveredExactly } from '../encoding/exact-delivery';
import type { MoviePlan, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { RunReader } from '../plan/opened-run';
import { copyableSpan } from './copyable-span';
import { edgesUnsupported, expectEdges } from './edge-codec';

/**
 * A plan of which only the edges are encoded (`edges: smart`): each of its windows is cut into what an encoder makes, what
 * is copied inside the store, and what an encoder makes again.
 *
 * Throws `EdgesUnsupported` for a recording whose edges cannot be encoded so that every player shows them.
 */
export function edgePlan(plan: MoviePlan): MoviePlan {
  const main = expectEdges(plan);
  return {
    ...plan,
    edges: 'smart',
    delivered: deliveredExactly(plan),
    warnings: plan.warnings.filter(({ code }) => code !== 'EdgesMoved'),
    windows: touching(plan.windows).flatMap((window) => cutEdges(main, window)),
  };
}

/** Windows between which nothing is hidden, as one: what lies where they touch is no edge. */
function touching(windows: readonly PlanWindow[]): PlanWindow[] {
  const joined: PlanWindow[] = [];
  for (const window of windows) {
    const last = joined.at(-1);
    if (last?.to === window.from) {
      joined[joined.length - 1] = { ...last, to: window.to };
    } else {
      joined.push(window);
    }
  }
  return joined;
}

function cutEdges(main: PlanTrack, window: PlanWindow): PlanWindow[] {
  const { range, from, to } = window;
  const span = copyableSpan(main, window);
  expectClosedGops(main, { range, from, to: span?.from ?? to });
  if (span === undefined) {
    return [window];
  }
  const behind: PlanWindow = { range, from: span.wholeTo, to };
  const cut: PlanWindow[] = [
    { range, from, to: span.from },
    { range, from: span.from, to: span.wholeTo, isCopied: true },
    span.to > span.wholeTo ? { ...behind, copiedTo: span.to } : behind,
  ];
  return cut.filter((one) => one.from < one.to);
}

/** Where every GOP refers to the one before, there is nowhere to begin copying. */
function expectClosedGops(main: PlanTrack, { from, to }: PlanWindow): void {
  const reader = new RunReader(main);
  for (const number of reader.candidates(from, to)) {
    const opened = reader.open(number);
    if (opened?.presentation.some((time, i) => opened.table.syncs[i] === 1 && time >= from && time < to)) {
      throw edgesUnsupported('the first pictures of its GOPs refer to the GOP before (open GOP)');
    }
  }
}

/** Windows of one plan that show one uninterrupted stretch of it: at most one of them is copied. */
export function edgeStretches({ windows }: Pick<MoviePlan, 'windows'>): readonly (readonly PlanWindow[])[] {
  const stretches: PlanWindow[][] = [];
  for (const window of windows) {
    const last = stretches.at(-1);
    if (last !== undefined && last.at(-1)?.to === window.from) {
      last.push(window);
    } else {
      stretches.push([window]);
    }
  }
  return stretches;
}

export function stretchOf(plan: Pick<MoviePlan, 'windows'>, window: PlanWindow): readonly PlanWindow[] {
  const found = edgeStretches(plan).find((stretch) => stretch.some(({ from }) => from === window.from));
  if (found === undefined) {
    throw new ExportError('InternalError', { message: `the plan has no window from ${window.from}` });
  }
  return found;
}

/** What an encoder makes, in order: their numbers are those of the parts. */
export function edgesOf({ windows }: Pick<MoviePlan, 'windows'>): readonly PlanWindow[] {
  return windows.filter(({ isCopied }) => isCopied !== true);
}
