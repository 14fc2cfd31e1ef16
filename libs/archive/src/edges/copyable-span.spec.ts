import { encodeTrackIndex, ticks, wallTime } from '@clipmesh/media';
import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import { FRAME_TICKS, tableOf, videoTrack } from '../fixture/tracks';
import { RunReader } from '../plan/opened-run';
import type { PlanTrack, PlanWindow } from '../plan/movie-plan';
import { copyableSpan, type CopyableSpan } from './copyable-span';

const GOP_FRAMES = 25;

interface Shown {
  readonly time: number;
  readonly isSync: boolean;
}

function decodeOrder(track: PlanTrack): Shown[] {
  const reader = new RunReader(track);
  return track.runs.flatMap((_, number) => {
    const { presentation, table } = reader.open(number)!;
    return [...presentation].map((time, i) => ({ time, isSync: table.syncs[i] === 1 }));
  });
}

/** The same by trying every end, over all samples at once; no GOP of the footage is open. */
function longest(track: PlanTrack, { from, to }: PlanWindow): Omit<CopyableSpan, 'wholeTo'> | undefined {
  const samples = decodeOrder(track);
  const first = samples.findIndex(({ time, isSync }) => isSync && time >= from && time < to);
  const rest = samples.slice(first).map(({ time }) => time);
  const lengths = first < 0 ? [] : rest.map((_, i) => i + 1);
  const fits = lengths.filter((length) => {
    const latest = Math.max(...rest.slice(0, length));
    return latest < to && rest.slice(length).every((time) => time > latest);
  });
  const last = fits.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const end = Math.min(to, ...rest.slice(last));
  return { from: rest[0] as CopyableSpan['from'], to: end as CopyableSpan['to'] };
}

/** The last border between GOPs, all of which are closed and a second long, in a span of such footage. */
function lastBorder(track: PlanTrack, to: number): number | undefined {
  const samples = decodeOrder(track);
  const borders = samples.filter(({ isSync }) => isSync).map(({ time }) => time);
  const [first = 0] = borders;
  const end = Math.max(...samples.map(({ time }) => time)) + FRAME_TICKS;
  // The last frame may be cut short.
  const ends = (end - first) % (GOP_FRAMES * FRAME_TICKS) === 0 && end >= to ? [to] : [];
  return [...borders, ...ends].findLast((time) => time <= to);
}

function aPlan(hasBFrames: boolean, startMs: number, endMs: number, gapMs = 0): PlanTrackAndWindow {
  const archive = anArchive().shaped({ hasBFrames }).withSegments(2).withGapOf(gapMs).withSegments(1).build();
  const { tracks, windows } = planOf(archive, [fromTo(startMs, endMs)]);
  return { track: tracks[0]!, window: windows[0]! };
}

interface PlanTrackAndWindow {
  readonly track: PlanTrack;
  readonly window: PlanWindow;
}

/** A track of one run: numbers of frames as they are shown, in decode order. */
function trackOf(shown: readonly number[], syncs: readonly number[]): PlanTrack {
  const samples = shown.map((number, i) => ({
    sizeBytes: 10,
    duration: FRAME_TICKS,
    compositionOffset: (number - i) * FRAME_TICKS,
    isSync: syncs.includes(number),
  }));
  const index = videoTrack(0, tableOf([{ offset: 0, samples }]));
  const run = {
    object: 0,
    wallStartMs: wallTime(0),
    decodeStart: ticks(0),
    firstSample: 0,
    sampleCount: shown.length,
    lastDuration: ticks(FRAME_TICKS),
    track: encodeTrackIndex(index),
  };
  const duration = ticks(shown.length * FRAME_TICKS);
  return { ...index, presentation: { mediaTime: ticks(0), duration }, runs: [run] };
}

function framesOf(track: PlanTrack, from: number, to: number): readonly number[] | undefined {
  const window = { range: 0, from: ticks(from * FRAME_TICKS), to: ticks(to * FRAME_TICKS) };
  const span = copyableSpan(track, window);
  return span && [span.from / FRAME_TICKS, span.to / FRAME_TICKS];
}

describe('copyableSpan', () => {
  it('is the longest stretch that stands alone and holds no picture outside the window', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 0, max: 7900 }),
        fc.integer({ min: 80, max: 5000 }),
        fc.constantFrom(0, 500, 2000),
        (hasBFrames, startMs, lengthMs, gapMs) => {
          const { track, window } = aPlan(hasBFrames, startMs, startMs + lengthMs, gapMs);
          const span = copyableSpan(track, window);
          const expected = longest(track, window);
          expect(span).toEqual(expected && { ...expected, wholeTo: lastBorder(track, expected.to) });
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });

  it('is the whole window where both of its ends fall on sync samples', () => {
    const { track, window } = aPlan(true, 1000, 6000);
    const { from, to } = window;
    expect(copyableSpan(track, window)).toEqual({ from, to, wholeTo: to });
  });

  it('ends before a picture that refers to one behind the end', () => {
    // Of I0 P3 B1 B2 only I0 stands alone when the window ends before P3.
    const { track, window } = aPlan(true, 1000, 2120);
    const { from } = window;
    const wholeTo = from + 25 * 512;
    expect(copyableSpan(track, window)).toEqual({ from, to: from + 26 * 512, wholeTo });
  });

  it('is nothing where no sync sample is inside', () => {
    const { track, window } = aPlan(true, 1040, 1960);
    expect(copyableSpan(track, window)).toBeUndefined();
  });

  it('leaves no hole where a picture is decoded behind one that is outside', () => {
    // 1 is shown before 2, but stands behind 4, and 2 comes behind 6, which is not in the window.
    const track = trackOf([0, 4, 1, 6, 2, 3, 5], [0]);
    expect(framesOf(track, 0, 5)).toEqual([0, 1]);
    expect(framesOf(track, 0, 7)).toEqual([0, 7]);
  });

  it('does not begin at a sync sample that pictures lead', () => {
    const track = trackOf([0, 1, 4, 2, 3, 5, 6, 7, 8], [0, 4, 7]);
    expect(framesOf(track, 1, 9)).toEqual([7, 9]);
    expect(framesOf(track, 1, 7)).toBeUndefined();
    expect(framesOf(track, 0, 9)).toEqual([0, 9]);
  });

  it('does not begin at a sync sample that is led by pictures of the next object', () => {
    const track = trackOf([0, 1, 4, 2, 3, 5], [0, 4]);
    const [run] = track.runs;
    const split = [
      { ...run!, sampleCount: 3 },
      { ...run!, firstSample: 3, sampleCount: 3, decodeStart: ticks(3 * FRAME_TICKS) },
    ];
    expect(framesOf({ ...track, runs: split }, 1, 6)).toBeUndefined();
  });
});
