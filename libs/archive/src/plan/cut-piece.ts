import { ticks, type Ticks, type WallTime } from '@clipmesh/media';
import { packObject } from '../index/packed-object';
import type { SegmentEntry } from '../index/segment-entry';
import { alignedSlice } from './aligned-slice';
import { leadingSamples } from './leading-samples';
import type { CutPolicy } from './movie-plan';
import type { Piece } from './piece';
import { openTrack, sliceOf, wholeSlice, type OpenedTrack, type TrackSlice } from './track-slice';
import { tickAtOrAfter, wallOfTick } from './wall-ticks';

export interface CutRules {
  /** Given when samples before it are not wanted. */
  readonly startMs?: WallTime;
  /** Given when samples from it on are not wanted. */
  readonly endMs?: WallTime;
  readonly edges: CutPolicy;
  /** A player hides what lies before `startMs` or behind `endMs`: true at the very start and the very end of a movie. */
  readonly hidesHead: boolean;
  readonly hidesTail: boolean;
}

export function wholePiece(segment: SegmentEntry): Piece {
  const slices = packObject(segment).tracks.map(wholeSlice);
  return { segment, slices, shownFrom: slices[0]?.presentationStart ?? ticks(0) };
}

/** What of a segment lies between the edges; `undefined` when that is no sample. */
export function cutPiece(segment: SegmentEntry, rules: CutRules): Piece | undefined {
  const opened = openTracks(segment);
  const [main] = opened;
  const cut = main && cutMain(main, segment, rules);
  if (main === undefined || cut === undefined) {
    return undefined;
  }
  // What leads the first sync sample refers to a GOP that is cut away, and is not asked for.
  const isShown = cut.shownFrom >= (main.presentation[cut.from] ?? 0);
  const leading =
    rules.startMs !== undefined && isShown ? leadingSamples(main.presentation, cut.from, cut.to) : 0;
  const slice = sliceOf(main, cut.from, cut.to, leading);
  return {
    ...pieceOf(segment, opened, slice),
    shownFrom: cut.shownFrom,
    ...movedEdges(segment, main, slice, rules),
  };
}

/** The tracks of a segment with their sample tables, video first. */
export function openTracks(segment: SegmentEntry): readonly OpenedTrack[] {
  const indexes = segment.tracks;
  return packObject(segment).tracks.flatMap((track, i) => {
    const index = indexes[i];
    return index === undefined ? [] : [openTrack(track, index)];
  });
}

/** A slice of the segment's first track with what belongs to it of the other. */
export function pieceOf(
  segment: SegmentEntry,
  opened: readonly OpenedTrack[],
  slice: TrackSlice,
): Omit<Piece, 'shownFrom'> {
  const [main, other] = opened;
  const otherSlice = main && other && alignedSlice(segment, main, slice, other);
  return { segment, slices: otherSlice === undefined ? [slice] : [slice, otherSlice], opened };
}

interface MainCut {
  readonly from: number;
  readonly to: number;
  readonly shownFrom: Ticks;
}

/** Cuts the segment's first track: video at sync samples before and frames behind, sound alone at any sample. */
function cutMain(main: OpenedTrack, segment: SegmentEntry, rules: CutRules): MainCut | undefined {
  const { timescale } = main.index;
  const end = rules.endMs === undefined ? Infinity : tickAtOrAfter(rules.endMs, segment.startMs, timescale);
  const head =
    rules.startMs === undefined
      ? { from: 0, shownFrom: earliestShown(main, -Infinity) }
      : cutHead(main, tickAtOrAfter(rules.startMs, segment.startMs, timescale), rules.edges);
  if (head === undefined || head.shownFrom >= end) {
    return undefined;
  }
  const needed = neededBefore(main, end);
  const to = rules.edges === 'edit-list' ? needed : nextSync(main, needed);
  return to > head.from ? { from: head.from, to, shownFrom: ticks(head.shownFrom) } : undefined;
}

interface HeadCut {
  readonly from: number;
  readonly shownFrom: number;
}

function cutHead(main: OpenedTrack, start: number, edges: CutPolicy): HeadCut | undefined {
  // Sound is shown from the very instant, a picture from its own.
  const first = main.index.kind === 'video' ? earliestShown(main, start) : start;
  if (first === Infinity) {
    return undefined;
  }
  if (edges === 'edit-list') {
    return { from: syncUpTo(main, first), shownFrom: first };
  }
  const from = edges === 'keyframe-before' ? syncUpTo(main, start) : syncFrom(main, start);
  if (from === undefined) {
    return undefined;
  }
  // Behind the start only when pictures from the start on lead it, and refer to a segment before.
  const sync = main.presentation[from] ?? 0;
  return { from, shownFrom: edges === 'keyframe-before' && sync > start ? first : sync };
}

/** Earliest presentation time from `start` on; `Infinity` when there is none. */
function earliestShown(main: OpenedTrack, start: number): number {
  return main.presentation.reduce((first, time) => (time >= start && time < first ? time : first), Infinity);
}

/**
 * The sync sample that a decoder must start at to show `time`: the last one shown no later. Pictures that lead a sync
 * sample belong to the GOP before, so presentation times are compared.
 */
function syncUpTo(main: OpenedTrack, time: number): number {
  const { syncs, count } = main.index.samples;
  let found = 0;
  for (let i = 0; i < count; i++) {
    if (syncs[i] === 1 && (main.presentation[i] ?? 0) <= time) {
      found = i;
    }
  }
  return found;
}

function syncFrom(main: OpenedTrack, time: number): number | undefined {
  const { syncs, count } = main.index.samples;
  for (let i = 0; i < count; i++) {
    if (syncs[i] === 1 && (main.presentation[i] ?? 0) >= time) {
      return i;
    }
  }
  return undefined;
}

/** Samples from the first that frames shown before `end` need: up to the last of these in decode order. */
function neededBefore(main: OpenedTrack, end: number): number {
  let needed = main.presentation.length;
  while (needed > 0 && (main.presentation[needed - 1] ?? 0) >= end) {
    needed--;
  }
  return needed;
}

function nextSync(main: OpenedTrack, sample: number): number {
  const { syncs, count } = main.index.samples;
  let next = sample;
  while (next < count && syncs[next] !== 1) {
    next++;
  }
  return next;
}

function movedEdges(
  segment: SegmentEntry,
  main: OpenedTrack,
  slice: TrackSlice,
  rules: CutRules,
): Pick<Piece, 'movedStartMs' | 'movedEndMs'> {
  const { timescale } = main.index;
  const isMoved = rules.edges !== 'edit-list';
  const startMs = wallOfTick(slice.presentationStart, segment.startMs, timescale, 'floor');
  const endMs = wallOfTick(slice.presentationEnd, segment.startMs, timescale, 'ceil');
  const movesStart =
    rules.startMs !== undefined && (isMoved || (!rules.hidesHead && startMs < rules.startMs));
  const movesEnd =
    rules.endMs !== undefined &&
    (isMoved || (!rules.hidesTail && showsFrom(main, slice, segment, rules.endMs)));
  return {
    ...(movesStart ? { movedStartMs: startMs } : {}),
    ...(movesEnd ? { movedEndMs: endMs } : {}),
  };
}

/** Whether the slice has a picture from `at` on: one that others before it refer to. */
function showsFrom(main: OpenedTrack, slice: TrackSlice, segment: SegmentEntry, at: WallTime): boolean {
  const tick = tickAtOrAfter(at, segment.startMs, main.index.timescale);
  return main.presentation
    .subarray(slice.firstSample, slice.firstSample + slice.sampleCount)
    .some((time) => time >= tick);
}
