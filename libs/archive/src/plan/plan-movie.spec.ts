import { ticks } from '@clipmesh/media';
import { packObject } from '../index/packed-object';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive, ARCHIVE_START_MS } from '../fixture/an-archive';
import { refusalOf } from '../fixture/refusal';
import { objectRanges, play, shownInOrder, type PlayedSample } from '../fixture/play';
import type { MoviePlan } from './movie-plan';

const FRAME_MS = 40;
const since = ({ wallMs }: PlayedSample): number => Math.round(wallMs - ARCHIVE_START_MS);
const shownTimes = (plan: MoviePlan): number[] => shownInOrder(plan, 'video').map(since);
const framesFromTo = (startMs: number, endMs: number): number[] => {
  const first = Math.ceil(startMs / FRAME_MS);
  return Array.from({ length: Math.ceil(endMs / FRAME_MS) - first }, (_, i) => (first + i) * FRAME_MS);
};
/** Segments of 4 s, GOPs of 1 s. */
const recorded = (count = 3) => anArchive().shaped({ hasBFrames: true }).withSegments(count);

describe('planMovie with edit-list edges', () => {
  it.each([
    ['inside a GOP', 1230, 1710],
    ['from GOP to GOP', 1000, 3000],
    ['over several segments', 1230, 9870],
    ['up to the end of a segment', 500, 4000],
    ['from the start of a segment', 4000, 4500],
    ['of one frame', 5000, 5040],
  ])('shows exactly the frames of a range %s', (_, startMs, endMs) => {
    const plan = planOf(recorded().build(), [fromTo(startMs, endMs)]);
    expect(shownTimes(plan)).toEqual(framesFromTo(startMs, endMs));
    expect(plan.delivered).toEqual([fromTo(startMs, endMs)]);
    expect([plan.gaps, plan.warnings]).toEqual([[], []]);
  });

  it('shows every frame at its wall time from the first shown instant', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 9870)]);
    for (const frame of shownInOrder(plan, 'video')) {
      expect(frame.at * 1000).toBeCloseTo(since(frame) - 1240, 6);
    }
  });

  it('begins to decode at the sync sample before the start', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 9870)]);
    expect(since(play(plan, 'video')[0]!)).toBe(1000);
  });

  it('ends with the last sample that a frame before the end needs', () => {
    const plan = planOf(recorded().build(), [fromTo(1000, 1200)]);
    // Decode order I0 P3 B1 B2 P6 B4: B4 (1.16 s) needs P6, which comes before it.
    expect(play(plan, 'video').map(since)).toEqual([1000, 1120, 1040, 1080, 1240, 1160]);
  });

  it('takes interior objects whole and cuts the outer ones at GOPs', () => {
    const { segments } = recorded().build();
    const plan = planOf({ segments }, [fromTo(2500, 9500)]);
    expect(objectRanges(plan)).toHaveLength(3);
    expect(objectRanges(plan)[1]).toEqual({ object: 1, offset: 0, length: segments[1]!.sizeBytes });
    expect(objectRanges(plan)[0]!.offset).toBeGreaterThan(0);
    expect(objectRanges(plan)[2]!.length).toBeLessThan(segments[2]!.sizeBytes);
  });

  it('reads the sample tables of cut segments only', () => {
    const { segments } = recorded(5).build();
    const unreadable = segments.map((segment, i) => {
      const packed = packObject(segment);
      const tracks = packed.tracks.map((track) => ({ ...track, bytes: new Uint8Array(0) }));
      // Any look into the table of an interior segment throws.
      return i === 0 || i === 4 ? segment : { ...segment, tracks: [], packed: { ...packed, tracks } };
    });
    const plan = planOf({ segments: unreadable }, [fromTo(1230, 18_000)]);
    expect(plan.tracks.map(({ runs }) => runs.length)).toEqual([5, 5]);
  });

  it('hears from the first shown frame to the end', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 9870)]);
    const sound = shownInOrder(plan, 'audio');
    const [video, audio] = plan.tracks;
    // Times that are no whole number of samples: the end is the same to a tick.
    expect(video!.presentation.duration / video!.timescale).toBeCloseTo(8.63, 4);
    expect(audio!.presentation.duration / audio!.timescale).toBeCloseTo(8.63, 4);
    expect(sound[0]!.wallMs - ARCHIVE_START_MS).toBeGreaterThanOrEqual(1240);
    expect(sound[0]!.wallMs - ARCHIVE_START_MS - sound[0]!.at * 1000).toBeCloseTo(1240, 1);
    expect(sound.at(-1)!.at + sound.at(-1)!.lastsFor).toBeGreaterThanOrEqual(8.63);
  });

  it('shows what there is when the range begins before the recording and ends behind it', () => {
    const plan = planOf(recorded(1).build(), [fromTo(-5000, 9000)]);
    expect(shownTimes(plan)).toEqual(framesFromTo(0, 4000));
    expect(plan.delivered).toEqual([fromTo(0, 4000)]);
    expect(plan.gaps).toEqual([
      { ...fromTo(-5000, 0), reason: 'not-recorded' },
      { ...fromTo(4000, 9000), reason: 'not-recorded' },
    ]);
    expect(plan.warnings).toEqual([
      { code: 'RangePartlyRecorded', message: 'range 1: 10 s of 14 s at its edges are not recorded' },
    ]);
  });

  it('says nothing of a recording that begins within the threshold', () => {
    const plan = planOf(recorded(1).build(), [fromTo(-900, 4000)]);
    expect([plan.gaps, plan.warnings, plan.delivered]).toEqual([[], [], [fromTo(0, 4000)]]);
  });

  it('skips a segment whose last frame is shown before the start', () => {
    const plan = planOf(recorded().build(), [fromTo(3970, 5000)]);
    expect(plan.objects.map(({ key }) => key)).toEqual(['segment-1.mp4']);
    expect(shownTimes(plan)[0]).toBe(4000);
  });

  it('carries what it was made from', () => {
    const plan = planOf(recorded().build(), [fromTo(1000, 2000)]);
    expect(plan).toMatchObject({
      video: { id: 'v1', name: 'gate' },
      requested: [fromTo(1000, 2000)],
      catalogRevisions: [{ hour: 498_438, revision: 7 }],
      edges: 'edit-list',
    });
    expect(plan.objects[0]).toMatchObject({ etag: 'etag-of-segment-0.mp4', ...fromTo(0, 4000) });
  });
});

describe('planMovie with edges on key frames', () => {
  it('widens the range to whole GOPs with keyframe-before', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 5710)], { edges: 'keyframe-before' });
    expect(shownTimes(plan)).toEqual(framesFromTo(1000, 6000));
    expect(plan.delivered).toEqual([fromTo(1000, 6000)]);
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      'range 1 starts 230 ms earlier than asked, where the codec allows a cut',
      'range 1 ends 290 ms later than asked, where the codec allows a cut',
    ]);
  });

  it('starts behind the asked start with keyframe-after', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 5710)], { edges: 'keyframe-after' });
    expect(shownTimes(plan)).toEqual(framesFromTo(2000, 6000));
    expect(plan.delivered).toEqual([fromTo(2000, 6000)]);
  });

  it('starts with the next segment when the first has no sync sample behind the start', () => {
    const archive = recorded().withGopsOf(100).shaped({ gopsPerSegment: 1 }).withSegments(2).build();
    const plan = planOf(archive, [fromTo(13_230, 18_000)], { edges: 'keyframe-after' });
    expect(shownTimes(plan)).toEqual(framesFromTo(16_000, 20_000));
    expect([plan.delivered, plan.gaps]).toEqual([[fromTo(16_000, 20_000)], []]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['EdgesMoved', 'EdgesMoved']);
  });

  it('hides nothing, so that a player without edit lists shows the same', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 5710)], { edges: 'keyframe-before' });
    expect(play(plan, 'video').filter(({ isShown }) => !isShown)).toEqual([]);
  });

  it('says nothing when the range lies on GOPs already', () => {
    const plan = planOf(recorded().build(), [fromTo(1000, 6000)], { edges: 'keyframe-before' });
    expect(plan.warnings).toEqual([]);
  });

  it('fails when no sync sample lies in the range', () => {
    expect(
      refusalOf(() => planOf(recorded().build(), [fromTo(1230, 1710)], { edges: 'keyframe-after' })),
    ).toMatchObject({ code: 'SetupValidationFailure' });
  });
});

describe('planMovie over several ranges', () => {
  it('joins them in their order, the inner ones from the sync sample before', () => {
    const plan = planOf(recorded().build(), [fromTo(8500, 9000), fromTo(1500, 2200)]);
    expect(shownTimes(plan)).toEqual([...framesFromTo(8500, 9000), ...framesFromTo(1000, 2200)]);
    expect(plan.delivered).toEqual([fromTo(8500, 9000), fromTo(1000, 2200)]);
    expect(plan.warnings).toEqual([
      {
        code: 'EdgesMoved',
        message: 'range 2 starts 500 ms earlier than asked, where the codec allows a cut',
      },
    ]);
  });

  it('counts frames behind an inner end that others need as delivered', () => {
    const plan = planOf(recorded().build(), [fromTo(1000, 1200), fromTo(8000, 9000)]);
    expect(shownTimes(plan).slice(0, 6)).toEqual([1000, 1040, 1080, 1120, 1160, 1240]);
    expect(plan.delivered[0]).toEqual(fromTo(1000, 1280));
  });

  it('shows no two frames at the same time at a seam', () => {
    const plan = planOf(recorded().build(), [fromTo(1000, 1200), fromTo(8000, 9000)]);
    const shown = shownInOrder(plan, 'video');
    shown.slice(1).forEach((frame, i) => {
      expect(frame.at - shown[i]!.at).toBeGreaterThanOrEqual(0.04 - 1e-9);
    });
  });

  it('plans ranges that touch as one', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 5710), fromTo(5710, 7000)]);
    expect(shownTimes(plan)).toEqual(framesFromTo(1230, 7000));
    expect(plan.delivered).toEqual([fromTo(1230, 5710), fromTo(5710, 7000)]);
    expect(plan.windows.map(({ range }) => range)).toEqual([0, 1]);
    expect(plan.windows[0]!.to).toBeLessThanOrEqual(plan.windows[1]!.from);
  });

  it('takes bytes that two ranges need once', () => {
    const archive = anArchive().withSegments(1).build();
    const plan = planOf(archive, [fromTo(1100, 1300), fromTo(1500, 2700)]);
    expect(objectRanges(plan)).toHaveLength(1);
    expect(shownTimes(plan)).toEqual([...framesFromTo(1100, 1300), ...framesFromTo(1000, 2700)]);
  });

  it('leaves out a range of which nothing is recorded, and says so', () => {
    const plan = planOf(recorded(1).build(), [fromTo(90_000, 95_000), fromTo(1000, 2000)]);
    expect(plan.delivered).toEqual([fromTo(1000, 2000)]);
    expect(plan.gaps).toEqual([{ ...fromTo(90_000, 95_000), reason: 'not-recorded' }]);
    expect(plan.windows.map(({ range }) => range)).toEqual([1]);
  });

  it('hides what was not asked for at the edges of the first and the last range that are recorded', () => {
    const nothing = [fromTo(-9000, -8000), fromTo(90_000, 95_000)] as const;
    const plan = planOf(recorded().build(), [nothing[0], fromTo(1230, 5170), nothing[1]]);
    expect(shownTimes(plan)).toEqual(framesFromTo(1230, 5170));
    expect(plan.delivered).toEqual([fromTo(1230, 5170)]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['RangePartlyRecorded', 'RangePartlyRecorded']);
  });

  it('says where each range lies on the timeline, exactly', () => {
    const plan = planOf(recorded().build(), [fromTo(1230, 1710), fromTo(8530, 9010)]);
    const [video] = plan.tracks;
    const inWindow = plan.windows.map(({ from, to }) =>
      play(plan, 'video')
        .filter(({ at }) => {
          const time = Math.round(at * video!.timescale) + video!.presentation.mediaTime;
          return time >= from && time < to;
        })
        .map(since)
        .sort((a, b) => a - b),
    );
    expect(inWindow).toEqual([framesFromTo(1230, 1710), framesFromTo(8530, 9010)]);
  });
});

describe('planMovie refuses', () => {
  it('ranges of which nothing is recorded, naming the video', () => {
    expect(refusalOf(() => planOf(recorded().build(), [fromTo(60_000, 70_000)]))).toMatchObject({
      code: 'SetupValidationFailure',
      message: 'nothing of the video gate is recorded in the asked ranges',
    });
  });

  it('ranges of which nothing is shown, because a frame is a day earlier than the others', () => {
    const [segment] = recorded(1).build().segments;
    const [video] = segment!.tracks;
    const earlier = Int32Array.from(video!.samples.compositionOffsets).fill(-(2 ** 31), 0, 1);
    const samples = { ...video!.samples, compositionOffsets: earlier };
    const tracks = [{ ...video!, decodeStart: ticks(2 ** 31), samples }];
    const plan = (): unknown =>
      planOf({ segments: [{ ...segment!, tracks }] }, [fromTo(-49, 4100)], { edges: 'keyframe-before' });
    expect(refusalOf(plan)).toMatchObject({ code: 'SetupValidationFailure' });
  });

  it('ranges with gaps when these were to fail', () => {
    const archive = recorded(1).withGapOf(5000).withSegments(1).build();
    expect(refusalOf(() => planOf(archive, [fromTo(1000, 10_000)], { gaps: 'fail' }))).toMatchObject({
      code: 'RangeHasGaps',
    });
  });

  it('segments of another sample entry', () => {
    const [first, second] = recorded(2).build().segments;
    const other = second!.tracks.map((track) =>
      track.kind === 'video' ? { ...track, codec: 'avc1.42c01e', width: 640 } : track,
    );
    const segments = [first!, { ...second!, tracks: other }];
    expect(refusalOf(() => planOf({ segments }, [fromTo(1000, 7000)]))).toMatchObject({
      code: 'SampleEntryChanged',
    });
  });
});

describe('planMovie with other codecs', () => {
  it('carries a sample entry that it does not know', () => {
    const [first] = recorded(1).build().segments;
    const tracks = first!.tracks.map((track) => ({ ...track, codec: 'mp4v.20.9' }));
    const plan = planOf({ segments: [{ ...first!, tracks }] }, [fromTo(0, 1000)]);
    expect(plan.tracks[0]!.codec).toBe('mp4v.20.9');
  });
});
