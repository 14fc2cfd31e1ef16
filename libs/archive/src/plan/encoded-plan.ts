import { wallTime, type TimeRange } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { intersect } from '../catalog/coverage';
import type { IndexedObject, SegmentEntry } from '../index/segment-entry';
import type { MoviePlan, PlanWindow } from './movie-plan';
import { ObjectList } from './object-list';
import { outputTracks } from './output-tracks';
import { wholePiece } from './cut-piece';
import { Timeline } from './timeline';

/** What an encoder made of one window. */
export interface EncodedPart {
  readonly object: IndexedObject;
  /** Number of the source plan's window. */
  readonly window: number;
}

/**
 * Joins encoded parts, one for each window and in their order, into a plan of the very form that the sink
 * understands. Nothing is hidden but what an encoder puts before its first frame (the priming of AAC), which the part's
 * own edit list tells.
 */
export function makeEncodedPlan(source: MoviePlan, parts: readonly EncodedPart[]): MoviePlan {
  const ordered = [...parts].sort((a, b) => a.window - b.window);
  expectOneEach(source, ordered);
  const pieces = ordered.map((part) => wholePiece(asSegment(source, part)));
  const { tracks } = tracksOf(pieces);
  const objects = new ObjectList();
  const timeline = new Timeline(tracks);
  for (const piece of pieces) {
    timeline.lay(piece, objects.take(piece), timeline.laid.length === 0 ? 'start' : 'cut');
  }
  const windows = timeline.laid.map((laid, i): PlanWindow => {
    const [slice] = laid.piece.slices;
    return {
      range: source.windows[i]?.range ?? i,
      from: timeline.mediaTimeOf(laid, slice?.presentationStart ?? 0),
      to: timeline.mediaTimeOf(laid, slice?.presentationEnd ?? 0),
    };
  });
  return {
    ...source,
    delivered: exactly(source),
    edges: 'exact',
    // An encoder cuts where it was asked to.
    warnings: source.warnings.filter(({ code }) => code !== 'EdgesMoved'),
    objects: objects.objects,
    sources: source.sources ?? source.objects,
    ranges: objects.media.ranges,
    tracks: tracks.map((track) => ({
      ...track,
      presentation: timeline.presentationOf(track.kind),
      runs: timeline.laneOf(track.kind).runs,
    })),
    windows,
  };
}

function expectOneEach(source: MoviePlan, parts: readonly EncodedPart[]): void {
  const isOneEach = parts.length === source.windows.length && parts.every((part, i) => part.window === i);
  if (!isOneEach || parts.length === 0) {
    throw new ExportError('OutputInvalid', {
      message: `expected a part for each of ${source.windows.length} windows, got ${parts.map(({ window }) => window).join(', ')}`,
      details: { windows: source.windows.length, parts: parts.map(({ window }) => window) },
    });
  }
}

function asSegment(source: MoviePlan, { object, window }: EncodedPart): SegmentEntry {
  const range = source.requested[source.windows[window]?.range ?? window];
  const shown =
    range && source.delivered.map((span) => intersect(span, range)).find((span) => span !== undefined);
  const span = shown ?? range ?? { startMs: wallTime(0), endMs: wallTime(0) };
  return { ...object, ...span, indexedAtMs: span.startMs };
}

function tracksOf(pieces: Parameters<typeof outputTracks>[0]): ReturnType<typeof outputTracks> {
  try {
    return outputTracks(pieces);
  } catch (cause) {
    if (!(cause instanceof ExportError)) {
      throw cause;
    }
    // All parts were encoded with the same settings: here a changed configuration is a defect of the encoding.
    const message = `the encoded parts do not join: ${cause.message}`;
    throw new ExportError('OutputInvalid', { message, details: cause.details, cause });
  }
}

/** An encoder delivers no frame outside the asked ranges. */
function exactly(source: MoviePlan): TimeRange[] {
  const asked = source.windows
    .map(({ range }) => source.requested[range])
    .filter((range) => range !== undefined);
  let next = 0;
  return source.delivered.flatMap((span) => {
    const at = asked.findIndex((range, i) => i >= next && intersect(span, range) !== undefined);
    const range = asked[at];
    next = Math.max(next, at);
    const shown = range && intersect(span, range);
    return shown === undefined ? [] : [shown];
  });
}
