import { rescale, ticks, type MediaRange, type Presentation } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { cutTrack, type CutTrack } from './cut-track';
import { MediaRanges } from './media-ranges';
import type { MoviePlan, PlanTrack, PlanWindow } from './movie-plan';
import { RunReader } from './opened-run';
import { packedLeavesOf } from './plan-object';
import { readRun } from './read-run';

/**
 * The plan of one window alone: the GOPs that cover it, to be fed to an encoder. Its own window says, on its own
 * timeline, what the encoder must keep.
 */
export function planOfWindow(plan: MoviePlan, window: PlanWindow): MoviePlan {
  return cutPlan(plan, window);
}

/** What a player shows first: up to the second sync sample. For a look whether it decodes. */
export function planOfFirstGop(plan: MoviePlan): MoviePlan {
  const { from, to } = shownSpan(plan);
  return cutPlan(plan, { range: 0, from, to: nextSyncTime(plan, from, to) });
}

/** What a player shows last: from the last sync sample on. */
export function planOfLastGop(plan: MoviePlan): MoviePlan {
  const { from, to } = shownSpan(plan);
  return cutPlan(plan, { range: 0, from: lastSyncTime(plan, from, to), to });
}

function mainTrack(plan: MoviePlan): PlanTrack {
  const [main] = plan.tracks;
  if (main === undefined) {
    throw new ExportError('InternalError', { message: 'a plan has no tracks' });
  }
  return main;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function shownSpan(plan: MoviePlan): Span {
  const { mediaTime, duration } = mainTrack(plan).presentation;
  return { from: Math.max(0, mediaTime), to: mediaTime + duration };
}

/** Presentation times of sync samples in `(from, to)`, as far as one run tells. */
function syncTimes(plan: MoviePlan, number: number, { from, to }: Span): number[] {
  const opened = new RunReader(mainTrack(plan)).open(number);
  return opened === undefined
    ? []
    : [...opened.presentation].filter((time, i) => opened.table.syncs[i] === 1 && time > from && time < to);
}

function nextSyncTime(plan: MoviePlan, from: number, to: number): number {
  for (const number of mainTrack(plan).runs.keys()) {
    const [next] = syncTimes(plan, number, { from, to });
    if (next !== undefined) {
      return next;
    }
  }
  return to;
}

function lastSyncTime(plan: MoviePlan, from: number, to: number): number {
  for (let number = mainTrack(plan).runs.length - 1; number >= 0; number--) {
    const last = syncTimes(plan, number, { from, to }).at(-1);
    if (last !== undefined) {
      return last;
    }
  }
  return from;
}

/** A track with what is left of it. */
interface LeftTrack {
  readonly track: PlanTrack;
  readonly cut: CutTrack;
}

interface MediaWindow extends Span {
  readonly range: number;
}

function cutPlan(plan: MoviePlan, window: MediaWindow): MoviePlan {
  const main = mainTrack(plan);
  const mainCut = cutTrack(main, window.from, window.to);
  if (mainCut === undefined) {
    throw new ExportError('InternalError', {
      message: `the plan shows nothing from ${window.from} to ${window.to}`,
      details: { ...window },
    });
  }
  const cover = { from: mainCut.presentationStart, to: mainCut.presentationEnd };
  const left = plan.tracks
    .map((track) => ({
      track,
      cut: track === main ? mainCut : cutOther(main, track, cover),
    }))
    .filter((one): one is LeftTrack => one.cut !== undefined);
  const used = new Set(left.flatMap(({ cut }) => cut.runs.map((run) => run.object)));
  const taken = takenOf(plan);
  // In the order of the file, so that a reader of a pipe finds each track's samples one behind another.
  const objects = [...taken.keys()].filter((object) => used.has(object));
  const numberOf = new Map(objects.map((object, i) => [object, i]));
  const tracks = left.map((one) => shifted(one, presentationIn(main, one, window), numberOf));
  const { mediaTime, duration } = tracks[0]?.presentation ?? main.presentation;
  const requested = plan.requested[window.range];
  return {
    ...plan,
    requested: requested === undefined ? plan.requested : [requested],
    gaps: [],
    warnings: [],
    objects: objects.map((object) => plan.objects[object]).filter((object) => object !== undefined),
    ranges: rangesOf(plan, taken, left, numberOf),
    tracks,
    windows: [{ range: 0, from: mediaTime, to: ticks(mediaTime + duration) }],
  };
}

/** A media time of the main track as one of another track: the same instant for a player. */
export function mediaTimeIn(main: PlanTrack, track: PlanTrack, time: number): number {
  const instant = time - main.presentation.mediaTime;
  return track === main
    ? time
    : rescale(instant, main.timescale, track.timescale, 'round') + track.presentation.mediaTime;
}

function cutOther(main: PlanTrack, track: PlanTrack, cover: Span): CutTrack | undefined {
  return cutTrack(track, mediaTimeIn(main, track, cover.from), mediaTimeIn(main, track, cover.to));
}

function presentationIn(main: PlanTrack, { track, cut }: LeftTrack, window: Span): Presentation {
  const from = mediaTimeIn(main, track, window.from);
  const to = Math.min(mediaTimeIn(main, track, window.to), cut.presentationEnd);
  return { mediaTime: ticks(from - cut.decodeStart), duration: ticks(Math.max(0, to - from)) };
}

function shifted(
  { track, cut }: LeftTrack,
  presentation: Presentation,
  numberOf: ReadonlyMap<number, number>,
): PlanTrack {
  const runs = cut.runs.map((run) => ({
    ...run,
    object: numberOf.get(run.object) ?? run.object,
    decodeStart: ticks(run.decodeStart - cut.decodeStart),
  }));
  return { ...track, presentation, runs };
}

/** Objects with a cut run are cut to the leaves that their runs need; of the others, all that the plan takes of them stays. */
function rangesOf(
  plan: MoviePlan,
  taken: ReadonlyMap<number, TakenObject>,
  left: readonly LeftTrack[],
  numberOf: ReadonlyMap<number, number>,
): readonly MediaRange[] {
  const cutObjects = new Set(left.flatMap(({ cut }) => cut.cut.map(({ run }) => run.object)));
  const media = new MediaRanges();
  for (const [object, number] of numberOf) {
    const source = plan.objects[object];
    if (source === undefined) {
      continue;
    }
    const { ranges, insertions } = taken.get(object) ?? NOTHING_TAKEN;
    if (cutObjects.has(object)) {
      media.insertBefore(number, packedLeavesOf(source), insertions);
      const tables = left.flatMap((one) => tablesOf(one, object));
      const wanted = tables.map((table) => ({ table, firstSample: 0, sampleCount: table.count }));
      media.takeSamples(number, packedLeavesOf(source), wanted);
    } else {
      media.ranges.push(...ranges.map((range) => ('inline' in range ? range : { ...range, object: number })));
    }
  }
  return media.ranges;
}

interface TakenObject {
  /** With what is inline before each of them. */
  readonly ranges: MediaRange[];
  /** What is inline before a range that begins at this offset. */
  readonly insertions: Map<number, Uint8Array>;
}

const NOTHING_TAKEN: TakenObject = { ranges: [], insertions: new Map<number, Uint8Array>() };

function takenOf({ ranges }: MoviePlan): ReadonlyMap<number, TakenObject> {
  const objects = new Map<number, TakenObject>();
  ranges.forEach((range, i) => {
    if ('inline' in range) {
      return;
    }
    const taken: TakenObject = objects.get(range.object) ?? { ranges: [], insertions: new Map() };
    const before = ranges[i - 1];
    if (before !== undefined && 'inline' in before) {
      taken.insertions.set(range.offset, before.inline);
      taken.ranges.push(before);
    }
    taken.ranges.push(range);
    objects.set(range.object, taken);
  });
  return objects;
}

function tablesOf({ track, cut }: LeftTrack, object: number): ReturnType<typeof readRun>[] {
  return cut.runs
    .filter((run) => run.object === object)
    .map((run) => cut.cut.find((one) => one.run === run)?.table ?? readRun(run, track));
}
