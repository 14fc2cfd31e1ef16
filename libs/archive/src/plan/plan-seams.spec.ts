import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive, ARCHIVE_START_MS } from '../fixture/an-archive';
import { play, shownInOrder, type PlayedSample } from '../fixture/play';
import { AUDIO_SAMPLE_TICKS, AUDIO_TIMESCALE } from '../fixture/tracks';
import type { MoviePlan } from './movie-plan';

const AUDIO_FRAME_MS = (AUDIO_SAMPLE_TICKS / AUDIO_TIMESCALE) * 1000;

/** By how many milliseconds samples are shown later than their wall time says, from the first shown frame on. */
function lateness(samples: readonly PlayedSample[], from: PlayedSample): number[] {
  return samples.map((sample) => (sample.at - from.at) * 1000 - (sample.wallMs - from.wallMs));
}

/** How far sound and picture of the same object part, in milliseconds. */
function partings(plan: MoviePlan): number[] {
  const pictures = new Map<string, PlayedSample>();
  for (const frame of play(plan, 'video')) {
    pictures.set(frame.key, pictures.get(frame.key) ?? frame);
  }
  return play(plan, 'audio').flatMap((sound) => {
    const picture = pictures.get(sound.key);
    return picture === undefined ? [] : lateness([sound], picture);
  });
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

describe('planMovie at the seams of segments', () => {
  it('takes two milliseconds for rounding, and never lets them add up', () => {
    // GOPs of 31 frames: 4.96 s a segment; each start announced a third of a millisecond later than it was.
    const builder = anArchive().withGopsOf(31).shaped({ hasBFrames: true });
    for (let i = 0; i < 40; i++) {
      builder.withSegments(1).withClockStepOf(0.34);
    }
    const plan = planOf(builder.build(), [fromTo(0, 190_000)]);
    const shown = shownInOrder(plan, 'video');
    expect(largest(lateness(shown, shown[0]!))).toBeLessThan(2.1);
    expect(largest(partings(plan))).toBeLessThan(2.1);
    expect(plan.warnings).toEqual([]);
  });

  it('leaves durations alone where announced starts differ by rounding only', () => {
    const archive = anArchive().withSegments(1).withClockStepOf(1).withSegments(1).withClockStepOf(1);
    const plan = planOf(archive.withSegments(1).build(), [fromTo(0, 12_000)]);
    expect(new Set(play(plan, 'video').map(({ lastsFor }) => lastsFor))).toEqual(new Set([0.04]));
  });

  it('never lets decode times stand still where reordering begins', () => {
    const archive = anArchive().withSegments(1).shaped({ hasBFrames: true }).withSegments(1).build();
    const plan = planOf(archive, [fromTo(0, 8000)]);
    expect(Math.min(...play(plan, 'video').map(({ lastsFor }) => lastsFor))).toBeGreaterThan(0);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS);
  });

  it('ends the sound of an inner range with its picture, so that the next range has all of its own', () => {
    const archive = anArchive().withSegments(3).build();
    const plan = planOf(archive, [fromTo(1000, 1200), fromTo(8000, 9000)]);
    const next = play(plan, 'audio').filter(({ key }) => key === 'segment-2.mp4');
    expect(next[0]!.wallMs - ARCHIVE_START_MS).toBeLessThan(8000 + AUDIO_FRAME_MS);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS);
  });

  it('starts with the later of two segments that overlap at the start', () => {
    const archive = anArchive().withSegments(1).withGapOf(-400).withSegments(1).build();
    const plan = planOf(archive, [fromTo(3700, 5000)]);
    expect(plan.objects.map(({ key }) => key)).toEqual(['segment-1.mp4']);
    expect(shownInOrder(plan, 'video')).toHaveLength(32);
  });

  it('lengthens the last picture and the last sound before a small hole', () => {
    const archive = anArchive().withSegments(1).withGapOf(700).withSegments(1).build();
    const plan = planOf(archive, [fromTo(0, 8700)]);
    const [video, audio] = ['video', 'audio'].map((kind) => play(plan, kind as 'video' | 'audio'));
    expect(Math.max(...video!.map(({ lastsFor }) => lastsFor))).toBeCloseTo(0.74, 4);
    expect(Math.max(...audio!.map(({ lastsFor }) => lastsFor))).toBeGreaterThan(0.69);
    expect(largest(lateness(video!, video![0]!))).toBeLessThan(0.1);
    expect(largest(partings(plan))).toBeLessThan(0.1);
    expect([plan.delivered, plan.gaps, plan.warnings]).toEqual([[fromTo(0, 8700)], [], []]);
  });

  it('closes a gap and reports it', () => {
    const archive = anArchive().withSegments(1).withGapOf(60_000).withSegments(1).build();
    const plan = planOf(archive, [fromTo(1000, 66_000)]);
    const shown = shownInOrder(plan, 'video');
    expect(shown.slice(1).every((frame, i) => Math.abs(frame.at - shown[i]!.at - 0.04) < 1e-6)).toBe(true);
    expect(plan.delivered).toEqual([fromTo(1000, 4000), fromTo(64_000, 66_000)]);
    expect(plan.gaps).toEqual([{ ...fromTo(4000, 64_000), reason: 'not-recorded' }]);
    expect(plan.warnings).toEqual([
      { code: 'GapsClosed', message: 'range 1: 1 gap of together 60 s closed' },
    ]);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS);
  });

  it('measures from the gap on against the wall clock behind it', () => {
    const archive = anArchive()
      .withSegments(2)
      .withGapOf(5000)
      .withSegments(2)
      .withGapOf(300)
      .withSegments(1)
      .build();
    const plan = planOf(archive, [fromTo(0, 30_000)]);
    const behind = shownInOrder(plan, 'video').filter(({ wallMs }) => wallMs >= ARCHIVE_START_MS + 13_000);
    expect(largest(lateness(behind, behind[0]!))).toBeLessThan(0.1);
  });

  it('lays overlapping segments back to back, reports the drift, and leaves no sound doubled', () => {
    const archive = anArchive().withSegments(1).withGapOf(-400).withSegments(2).build();
    const plan = planOf(archive, [fromTo(0, 11_600)]);
    const shown = shownInOrder(plan, 'video');
    expect(shown.slice(1).every((frame, i) => Math.abs(frame.at - shown[i]!.at - 0.04) < 1e-6)).toBe(true);
    expect(plan.warnings).toEqual([
      {
        code: 'OverlapDrift',
        message: 'overlapping segments are laid back to back: up to 400 ms later than their wall time',
      },
    ]);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS);
  });

  it('takes a drift back at the next hole', () => {
    const archive = anArchive()
      .withSegments(1)
      .withGapOf(-400)
      .withSegments(1)
      .withGapOf(600)
      .withSegments(1)
      .build();
    const shown = shownInOrder(planOf(archive, [fromTo(0, 12_200)]), 'video');
    expect(Math.abs(lateness([shown.at(-1)!], shown[0]!)[0]!)).toBeLessThan(0.1);
  });

  it('leaves out samples of sound that lie wholly before the end of the sound before', () => {
    // From the second segment on, the sound begins 150 ms before the picture: it covers seven samples of the first's.
    const { segments } = anArchive().withSegments(3).build();
    const early = segments.map((segment, i) => ({
      ...segment,
      tracks: segment.tracks.map((track) =>
        track.kind === 'audio' && i > 0
          ? { ...track, decodeStart: (track.decodeStart - 7200) as never }
          : track,
      ),
    }));
    const plan = planOf({ segments: early }, [fromTo(0, 12_000)]);
    expect(plan.tracks[1]!.runs.map(({ firstSample }) => firstSample)).toEqual([0, 7, 0]);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS / 2);
  });

  it('bridges a segment without sound with the last sound before it', () => {
    const archive = anArchive()
      .withSegments(1)
      .shaped({ hasAudio: false })
      .withSegments(1)
      .shaped({ hasAudio: true })
      .withSegments(1)
      .build();
    const plan = planOf(archive, [fromTo(0, 12_000)]);
    expect(plan.tracks[1]!.runs).toHaveLength(2);
    expect(Math.max(...play(plan, 'audio').map(({ lastsFor }) => lastsFor))).toBeCloseTo(4, 1);
    expect(largest(partings(plan))).toBeLessThan(2.1);
  });

  it('keeps silent first when the sound begins later', () => {
    const archive = anArchive()
      .shaped({ hasAudio: false })
      .withSegments(1)
      .shaped({ hasAudio: true })
      .withSegments(1)
      .build();
    const plan = planOf(archive, [fromTo(1000, 8000)]);
    const [sound] = play(plan, 'audio');
    expect(sound!.at * 1000).toBeCloseTo(sound!.wallMs - ARCHIVE_START_MS - 1000, 1);
    expect(plan.tracks[1]!.presentation.mediaTime).toBe(Math.round(-sound!.at * AUDIO_TIMESCALE));
    expect(largest(partings(plan))).toBeLessThan(2.1);
  });

  it('holds the last picture through a segment of sound alone', () => {
    const archive = anArchive()
      .withSegments(1)
      .shaped({ hasVideo: false })
      .withSegments(1)
      .shaped({ hasVideo: true })
      .withSegments(1)
      .build();
    const plan = planOf(archive, [fromTo(0, 12_000)]);
    expect(Math.max(...play(plan, 'video').map(({ lastsFor }) => lastsFor))).toBeCloseTo(4.04, 4);
    expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS);
  });

  it('plans a recording of sound alone to the tick', () => {
    const archive = anArchive().shaped({ hasVideo: false }).withSegments(3).build();
    const plan = planOf(archive, [fromTo(1500, 9250)]);
    expect(plan.tracks.map(({ kind }) => kind)).toEqual(['audio']);
    expect(plan.tracks[0]!.presentation.duration).toBe(7.75 * AUDIO_TIMESCALE);
    expect(plan.delivered).toEqual([fromTo(1500, 9250)]);
  });

  it('carries segments of another timescale over to that of the first', () => {
    const { segments } = anArchive().shaped({ hasBFrames: true }).withSegments(3).build();
    const rescaled = segments.map((segment, i) => ({
      ...segment,
      tracks: segment.tracks.map((track) =>
        track.kind === 'video' && i === 1
          ? {
              ...track,
              timescale: 90_000,
              decodeStart: -3600 as never,
              samples: {
                ...track.samples,
                durations: track.samples.durations.map((d) => (d / 512) * 3600),
                compositionOffsets: track.samples.compositionOffsets.map((d) => (d / 512) * 3600),
              },
            }
          : track,
      ),
    }));
    const shown = shownInOrder(planOf({ segments: rescaled }, [fromTo(100, 11_900)]), 'video');
    expect(shown).toHaveLength(295);
    expect(largest(lateness(shown, shown[0]!))).toBeLessThan(0.1);
  });
});

describe('planMovie over a day', () => {
  it('keeps sound within one audio frame of the picture, whatever the clocks do', () => {
    const step = fc.oneof(
      fc.double({ min: -0.9, max: 0.9, noNaN: true }),
      fc.integer({ min: -500, max: 900 }),
      fc.integer({ min: 1500, max: 9000 }),
    );
    const shape = fc.record({ hasBFrames: fc.boolean(), framesPerGop: fc.integer({ min: 3, max: 40 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(step, shape), { minLength: 2, maxLength: 12 }), (steps) => {
        const builder = anArchive();
        for (const [ms, changes] of steps) {
          builder.shaped(changes).withSegments(1);
          if (Math.abs(ms) < 1) {
            builder.withClockStepOf(ms);
          } else {
            builder.withGapOf(ms);
          }
        }
        const { segments } = builder.build();
        fc.pre(segments.every(({ startMs }, i) => i === 0 || startMs > segments[i - 1]!.startMs));
        const plan = planOf({ segments }, [fromTo(0, 3_600_000)]);
        expect(largest(partings(plan))).toBeLessThan(AUDIO_FRAME_MS + 2);
        const shown = shownInOrder(plan, 'video');
        expect(shown.slice(1).every((frame, i) => frame.at > shown[i]!.at)).toBe(true);
        expect(shown).toHaveLength(segments.reduce((sum, { tracks }) => sum + tracks[0]!.samples.count, 0));
      }),
      { numRuns: 25 },
    );
  });
});
