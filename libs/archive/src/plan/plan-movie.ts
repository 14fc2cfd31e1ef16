import type { TrackDescription } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { deliveryOf, type Delivery, type PickedStretch } from './delivery';
import type { Gap, MoviePlan, PlanTrack, PlanWarning, PlanWindow } from './movie-plan';
import { ObjectList } from './object-list';
import { outputTracks } from './output-tracks';
import { pickPieces } from './pick-pieces';
import type { Piece } from './piece';
import type { PlanRequest } from './plan-request';
import { stretchesOf, type Stretch } from './stretches';
import { Timeline, type Follows, type LaidPiece } from './timeline';
import { tickAtOrAfter } from './wall-ticks';
import { windowOf } from './windows';

/** Gaps that an error's message lists. */
const MOST_TOLD = 5;

/**
 * Turns ranges of wall time into samples that lie in objects, and says what the ranges really get.
 * Reads the sample tables of cut segments only: a day is planned in milliseconds.
 *
 * Throws `SetupValidationFailure` when nothing of the ranges is recorded, `RangeHasGaps` when gaps were to fail, and
 * `SampleEntryChanged` or `CodecUnsupported` for what one MP4 cannot hold.
 */
export function planMovie(request: PlanRequest): MoviePlan {
  const picked = pickStretches(request);
  const pieces = picked.flatMap((one) => one.pieces);
  if (pieces.length === 0) {
    throw nothingRecorded(request);
  }
  const delivery = deliveryOf(request, picked);
  if (request.gaps === 'fail' && delivery.gaps.length > 0) {
    throw hasGaps(request, delivery);
  }
  const { tracks, syncPrefixes, warnings } = outputTracks(pieces, request.onConfigChange === 'in-band');
  const objects = new ObjectList();
  const timeline = new Timeline(tracks);
  const windows: PlanWindow[] = [];
  for (const one of picked) {
    const laid = layStretch(prefixed(one, syncPrefixes), timeline, objects, request.gapThresholdMs);
    windows.push(...windowsOf(one, laid, timeline, request));
  }
  const shown = planTracks(tracks, timeline, endOfShow(picked, timeline));
  if (shown.length === 0) {
    throw nothingRecorded(request);
  }
  return {
    format: 1,
    video: request.video,
    requested: request.ranges,
    delivered: delivery.delivered,
    gaps: delivery.gaps,
    edges: request.edges,
    warnings: [...delivery.warnings, ...warnings, ...driftWarning(timeline)],
    catalogRevisions: request.catalogRevisions,
    objects: objects.objects,
    ranges: objects.media.ranges,
    tracks: shown,
    windows,
  };
}

/** What each stretch takes of the segments. */
export function pickStretches(request: PlanRequest): PickedStretch[] {
  const pick = (stretch: Stretch): PickedStretch => ({ stretch, pieces: pickPieces(stretch, request.edges) });
  const picked = stretchesOf(request).map(pick);
  const found = picked.filter(({ pieces }) => pieces.length > 0);
  // Where nothing of the first asked range is recorded, the file begins with another; and so at its end.
  return picked.map((one) => {
    const [isFirst, isLast] = [one === found[0], one === found.at(-1)];
    const { stretch } = one;
    const isPlaced = stretch.isFirst === isFirst && stretch.isLast === isLast;
    return one.pieces.length === 0 || isPlaced ? one : pick({ ...stretch, isFirst, isLast });
  });
}

function prefixed(one: PickedStretch, prefixes: ReadonlyMap<string, Uint8Array>): PickedStretch {
  if (prefixes.size === 0) {
    return one;
  }
  const pieces = one.pieces.map((piece) => {
    const syncPrefix = prefixes.get(piece.segment.key);
    return syncPrefix === undefined ? piece : { ...piece, syncPrefix };
  });
  return { ...one, pieces };
}

function nothingRecorded(request: PlanRequest): ExportError {
  const { name } = request.video;
  return new ExportError('SetupValidationFailure', {
    message: `nothing of the video ${name} is recorded in the asked ranges`,
    details: { videoName: name, ranges: request.ranges },
  });
}

function hasGaps(request: PlanRequest, { gaps }: Delivery): ExportError {
  const missingMs = gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return new ExportError('RangeHasGaps', {
    message: `the ranges of the video ${request.video.name} have ${gaps.length} gaps of together ${missingMs} ms: ${listed(gaps)}`,
    details: { videoName: request.video.name, gaps },
  });
}

/** A text for people: of many, the first. The details have all. */
function listed(gaps: readonly Gap[]): string {
  const told = gaps.slice(0, MOST_TOLD).map(({ startMs, endMs }) => {
    return `${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}`;
  });
  return [...told, ...(gaps.length > MOST_TOLD ? [`and ${gaps.length - MOST_TOLD} more`] : [])].join(', ');
}

/** Lays the pieces of one stretch behind what is there. */
function layStretch(
  { pieces }: PickedStretch,
  timeline: Timeline,
  objects: ObjectList,
  gapThresholdMs: number,
): readonly LaidPiece[] {
  const before = timeline.laid.length;
  let recordedTo = -Infinity;
  for (const piece of pieces) {
    timeline.lay(piece, objects.take(piece), followsOf(piece, recordedTo, gapThresholdMs, timeline));
    recordedTo = Math.max(recordedTo, piece.segment.endMs);
  }
  return timeline.laid.slice(before);
}

function followsOf(piece: Piece, recordedTo: number, gapThresholdMs: number, timeline: Timeline): Follows {
  if (timeline.laid.length === 0) {
    return 'start';
  }
  return piece.segment.startMs - recordedTo <= gapThresholdMs ? 'run' : 'cut';
}

function windowsOf(
  { stretch }: PickedStretch,
  laid: readonly LaidPiece[],
  timeline: Timeline,
  { ranges }: PlanRequest,
): PlanWindow[] {
  return stretch.ranges
    .map((number) => {
      const range = ranges[number];
      return range && windowOf(number, range, laid, timeline);
    })
    .filter((window) => window !== undefined);
}

/** The instant of the timeline at which the last range ends. */
function endOfShow(picked: readonly PickedStretch[], timeline: Timeline): number {
  const last = timeline.laid.at(-1);
  const stretch = picked.findLast(({ pieces }) => pieces.length > 0)?.stretch;
  const timescale = last?.piece.slices[0]?.track.summary.timescale;
  if (last === undefined || stretch === undefined || timescale === undefined) {
    return 0;
  }
  const { segment, movedEndMs } = last.piece;
  return timeline.instantOf(last, tickAtOrAfter(movedEndMs ?? stretch.endMs, segment.startMs, timescale));
}

/** A track that shows nothing, such as sound that ends before the first shown instant, is left out. */
function planTracks(tracks: readonly TrackDescription[], timeline: Timeline, end: number): PlanTrack[] {
  return tracks
    .map((track) => ({
      ...track,
      presentation: timeline.presentationOf(track.kind, end),
      runs: timeline.laneOf(track.kind).runs,
    }))
    .filter(
      ({ presentation }) => presentation.mediaTime + presentation.duration > 0 && presentation.duration > 0,
    );
}

function driftWarning({ driftMs }: Timeline): PlanWarning[] {
  const message = `overlapping segments are laid back to back: up to ${driftMs} ms later than their wall time`;
  return driftMs === 0 ? [] : [{ code: 'OverlapDrift', message }];
}
