import { sampleOffsets, ticks, type SampleTable, type TimeRange, type TrackIndex } from '@clipmesh/media';
import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive, type RecordedArchive } from '../fixture/an-archive';
import { withParameterSets } from '../fixture/parameter-sets';
import { objectRanges, play, type PlayedSample } from '../fixture/play';
import { refusalOf } from '../fixture/refusal';
import { FRAME_TICKS, tableOf, VIDEO_TIMESCALE, videoTrack } from '../fixture/tracks';
import type { IndexedObject } from '../index/segment-entry';
import type { MoviePlan, PlanTrack, PlanWindow } from '../plan/movie-plan';
import { decodeMoviePlan, encodeMoviePlan } from '../plan/plan-codec';
import { readRun } from '../plan/read-run';
import { copiesOf } from './edge-copies';
import { edgePlan, edgesOf } from './edge-windows';
import type { EncodedEdge } from './edged-movie';
import { joinEdges } from './join-edges';

const AUDIO_SECONDS = 1024 / 48_000;

/** What a task would have made of each edge, with the sample of the archive that each of its samples stands for. */
class Tasks {
  private readonly made = new Map<string, readonly PlayedSample[]>();

  constructor(private readonly plan: MoviePlan) {}

  edges(): EncodedEdge[] {
    return edgesOf(this.plan).map((window, number) => {
      const copies = copiesOf(this.plan, window);
      const pieces = this.encoded(window, number);
      return copies === undefined ? { pieces } : { copies: this.written(copies, `copies-${number}`), pieces };
    });
  }

  /** The sample of the archive. */
  sourceOf(kind: string, { key, sample, ...played }: PlayedSample): PlayedSample {
    return this.made.get(`${key} ${kind}`)?.[sample] ?? { key, sample, ...played };
  }

  private encoded(window: PlanWindow, number: number): EncodedEdge['pieces'] {
    const from = window.copiedTo ?? window.from;
    const [main] = this.plan.tracks;
    const { mediaTime } = main!.presentation;
    const ofPlan = (sample: PlayedSample): number => Math.round(sample.at * VIDEO_TIMESCALE) + mediaTime;
    const frames = play(this.plan, 'video')
      .filter((sample) => ofPlan(sample) >= from && ofPlan(sample) < window.to)
      .sort((a, b) => a.at - b.at);
    if (frames.length === 0) {
      return [];
    }
    const key = `piece-${number}`;
    this.made.set(`${key} video`, frames);
    const shown = frames.map((sample) => ofPlan(sample) - from);
    const samples = shown.map((at, i) => ({
      sizeBytes: 10,
      duration: (shown[i + 1] ?? at + FRAME_TICKS) - at,
      compositionOffset: 0,
      isSync: i === 0,
    }));
    const object = anObject(key, [videoTrack(0, tableOf([{ offset: 0, samples }]))]);
    return [{ object, from: from - window.from, to: window.to - window.from }];
  }

  /** The file of a plan, whose time 0 is what it shows first. */
  private written(plan: MoviePlan, key: string): IndexedObject {
    let offset = 0;
    const tracks = plan.tracks.map((track): TrackIndex => {
      this.made.set(`${key} ${track.kind}`, play(plan, track.kind));
      const samples = joinedTable(track, offset);
      offset += samples.sizes.reduce((sum, size) => sum + size, 0);
      return { ...track, decodeStart: ticks(0 - track.presentation.mediaTime), samples };
    });
    return anObject(key, tracks);
  }
}

function joinedTable(track: PlanTrack, offset: number): SampleTable {
  const samples = track.runs.flatMap((run) => {
    const { count, sizes, durations, compositionOffsets, syncs } = readRun(run, track);
    return Array.from({ length: count }, (_, i) => ({
      sizeBytes: sizes[i]!,
      duration: durations[i]!,
      compositionOffset: compositionOffsets[i]!,
      isSync: syncs[i] === 1,
    }));
  });
  return tableOf([{ offset, samples }]);
}

function anObject(key: string, tracks: readonly TrackIndex[]): IndexedObject {
  const sizeBytes = tracks.reduce((sum, { samples }) => sum + samples.sizes.reduce((a, b) => a + b, 0), 0);
  const leaves = [{ length: sizeBytes, sha256: new Uint8Array(32) }];
  return { bucket: 'work', key, etag: key, sizeBytes, sha256: '', leaves, tracks };
}

/** Frames of the plan's windows as they are to be shown: their sample in the archive and their instant in the movie. */
function wantedFrames(plan: MoviePlan): { source: string; at: number }[] {
  const [main] = plan.tracks;
  let before = 0;
  return plan.windows.flatMap(({ from, to }) => {
    const seconds = (time: number): number => (time - main!.presentation.mediaTime) / VIDEO_TIMESCALE;
    const frames = play(plan, 'video')
      .filter(({ at }) => at > seconds(from) - 1e-6 && at < seconds(to) - 1e-6)
      .sort((a, b) => a.at - b.at)
      .map(({ key, sample, at }) => ({ source: `${key} ${sample}`, at: before + at - seconds(from) }));
    before += (to - from) / VIDEO_TIMESCALE;
    return frames;
  });
}

/** Pictures of the archive whose bytes stand in the movie. */
function picturesInside(archive: RecordedArchive, movie: MoviePlan): string[] {
  return objectRanges(movie).flatMap(({ object, offset, length }) => {
    const { key } = movie.objects[object]!;
    const samples = archive.segments.find((segment) => segment.key === key)?.tracks[0]?.samples;
    const offsets = samples === undefined ? [] : [...sampleOffsets(samples)];
    return offsets.flatMap((at, i) =>
      at < offset + length && at + samples!.sizes[i]! > offset ? [`${key} ${i}`] : [],
    );
  });
}

function expectExact(archive: RecordedArchive, ranges: readonly TimeRange[]): void {
  const cut = withParameterSets(planOf(archive, ranges));
  const wanted = wantedFrames(cut);
  const plan = decodeMoviePlan(encodeMoviePlan(edgePlan(cut)));
  const tasks = new Tasks(plan);
  const movie = joinEdges({ plan, edges: tasks.edges(), gaps: [] });
  const pictures = play(movie, 'video').sort((a, b) => a.at - b.at);
  const sources = pictures
    .map((one) => tasks.sourceOf('video', one))
    .map(({ key, sample }) => `${key} ${sample}`);
  expect(sources).toEqual(wanted.map(({ source }) => source));
  pictures.forEach(({ at, isShown }, i) => {
    expect(Math.abs(at - wanted[i]!.at)).toBeLessThan(1e-6);
    expect(isShown).toBe(true);
  });
  const foreign = picturesInside(archive, movie).filter((picture) => !sources.includes(picture));
  expect(foreign).toEqual([]);
  // Behind an inner seam sound begins a sample late at most, and the one before it may sound on.
  const seams = ranges.length - 1 + plan.gaps.length;
  expectSound(tasks, movie, pictures, (seams === 0 ? 1500 : 2200) * AUDIO_SECONDS);
}

/** What is heard was recorded with what is shown, and nothing is missing. */
function expectSound(
  tasks: Tasks,
  movie: MoviePlan,
  pictures: readonly PlayedSample[],
  toleranceMs: number,
): void {
  const heard = play(movie, 'audio').filter(({ at, lastsFor }) => at + lastsFor > 1e-6);
  const last = pictures.at(-1)!;
  const seconds = heard.reduce((sum, { lastsFor }) => sum + lastsFor, 0);
  expect(seconds).toBeGreaterThan(last.at - toleranceMs / 1000);
  for (const sample of heard) {
    const shown = pictures.findLast(({ at }) => at <= sample.at + 1e-6) ?? pictures[0]!;
    const off = tasks.sourceOf('audio', sample).wallMs - tasks.sourceOf('video', shown).wallMs;
    expect(Math.abs(off - 1000 * (sample.at - shown.at))).toBeLessThan(toleranceMs);
  }
}

const aRange = fc
  .tuple(fc.integer({ min: 0, max: 11_000 }), fc.integer({ min: 40, max: 6000 }))
  .map(([start, length]) => fromTo(start, start + length));

describe('joinEdges', () => {
  it('shows every frame of any ranges once and at its time, and holds no picture besides', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(0, 300, 1500),
        fc.array(aRange, { minLength: 1, maxLength: 3 }),
        (hasBFrames, gapMs, ranges) => {
          const archive = anArchive()
            .shaped({ hasBFrames })
            .withSegments(2)
            .withGapOf(gapMs)
            .withSegments(1)
            .build();
          expectExact(archive, ranges);
        },
      ),
      { seed: 3, numRuns: 40 },
    );
  });

  it('copies whole GOPs inside the store, and of the last one what stands alone', () => {
    const archive = anArchive().shaped({ hasBFrames: true }).withSegments(3).build();
    const { windows } = edgePlan(withParameterSets(planOf(archive, [fromTo(1240, 6480)])));
    const [head, copied, tail] = windows;
    const second = VIDEO_TIMESCALE;
    expect(windows).toHaveLength(3);
    expect(copied).toMatchObject({ isCopied: true, to: copied!.from + 4 * second });
    expect(head).toEqual({ range: 0, from: head!.from, to: copied!.from });
    // Of I0 P3 B1 B2 P6 ... 12 frames are asked for; P12 comes before B10 and is not one of them.
    expect(tail).toMatchObject({ from: copied!.to, copiedTo: copied!.to + 10 * FRAME_TICKS });
    expect(tail!.to - tail!.from).toBe(12 * FRAME_TICKS);
  });

  it('encodes nothing where the range begins and ends between GOPs', () => {
    const archive = anArchive().withSegments(3).build();
    const plan = edgePlan(withParameterSets(planOf(archive, [fromTo(1000, 6000)])));
    expect(edgesOf(plan)).toEqual([]);
    expectExact(archive, [fromTo(1000, 6000)]);
  });

  it('leaves out what could not be decoded', () => {
    const archive = anArchive().withSegments(3).build();
    const plan = edgePlan(withParameterSets(planOf(archive, [fromTo(1240, 6480)])));
    const [head, ...others] = new Tasks(plan).edges();
    const [{ startMs }] = plan.delivered as [TimeRange];
    const gap = { ...fromTo(1240, 2000), reason: 'undecodable' } as const;
    const movie = joinEdges({ plan, edges: [{ ...head!, pieces: [] }, ...others], gaps: [gap] });
    expect(startMs).toBe(gap.startMs);
    expect(movie.delivered).toEqual([fromTo(2000, 6480)]);
    expect(play(movie, 'video').filter(({ isShown }) => isShown)).toHaveLength(25 * 4 + 12);
    expect(play(movie, 'audio')[0]!.at).toBeLessThanOrEqual(0);
  });
});

describe('edgePlan', () => {
  const archive = anArchive().withSegments(1).build();
  const plan = planOf(archive, [fromTo(500, 2500)]);

  it.each([
    ['H.265', { ...plan, tracks: plan.tracks.map((track) => ({ ...track, codec: 'hvc1' })) }, 'its video is'],
    ['sound alone', { ...plan, tracks: plan.tracks.slice(1) }, 'no video'],
    [
      '10 bits',
      withParameterSets(plan, ['676e000da6cd94141fb011000003000100000300320f142996']),
      'progressive',
    ],
    ['no parameter sets', withParameterSets(plan, []), 'no parameter sets'],
  ])('refuses %s', (_, refused, message) => {
    expect(refusalOf(() => edgePlan(refused))).toMatchObject({
      code: 'EdgesUnsupported',
      message: expect.stringContaining(message) as string,
    });
  });
});
