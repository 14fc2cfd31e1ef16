import { type SampleTable, type TrackIndex } from '@clipmesh/media';
import * as fc from 'fast-check';
import { fromTo, planOf } from '../fixture/a-plan';
import { anArchive } from '../fixture/an-archive';
import { play, shownInOrder } from '../fixture/play';
import { refusalOf } from '../fixture/refusal';
import { tableOf, videoTrack, audioTrack } from '../fixture/tracks';
import type { IndexedObject } from '../index/segment-entry';
import type { MoviePlan } from '../plan/movie-plan';
import { cutAtObjects, cutWindows } from './cut-windows';
import { EncodeClock } from './encode-clock';
import type { EncodedFeed, EncodedMovie, EncodedPiece } from './encoded-movie';
import { joinMovie } from './join-movie';
import { feedLength, placeParts } from './place-parts';

const PRIMING = 1024;

/** A feed of two ranges, cut into parts of a second. */
function aFeed(): MoviePlan {
  const archive = anArchive().shaped({ hasBFrames: true }).withSegments(4).build();
  return cutWindows(planOf(archive, [fromTo(1240, 5240), fromTo(8480, 12_480)]), 1000);
}

function objectOf(key: string, track: TrackIndex): IndexedObject {
  const sizeBytes = track.samples.sizes.reduce((sum, size) => sum + size, 0);
  const leaves = [{ length: sizeBytes, sha256: new Uint8Array(32) }];
  return { bucket: 'work', key, etag: key, sizeBytes, sha256: '', leaves, tracks: [track] };
}

/** Frames in decode order, at these times from the start of their piece; the first two are reordered when there are three. */
function pictures(key: string, shown: readonly number[], timescale: number): IndexedObject {
  const order = shown.length < 3 ? [...shown] : [shown[0]!, shown[2]!, shown[1]!, ...shown.slice(3)];
  // Decode times of an encoder: whatever it likes, as long as they rise.
  const samples = order.map((time, i) => ({
    sizeBytes: 10,
    duration: 7,
    compositionOffset: time - 7 * i + 14,
    isSync: i === 0,
  }));
  const table: SampleTable = tableOf([{ offset: 0, samples }]);
  return objectOf(key, videoTrack(-14, table, { timescale }));
}

function sound(key: string, samples: number): IndexedObject {
  const frames = Math.ceil((samples + PRIMING) / 1024);
  const loose = Array.from({ length: frames }, () => ({
    sizeBytes: 5,
    duration: 1024,
    compositionOffset: 0,
    isSync: true,
  }));
  return objectOf(key, audioTrack(-PRIMING, tableOf([{ offset: 0, samples: loose }])));
}

const FRAME = 512;

/** Every part encoded whole, with the frames that its window has. */
function encoded(plan: MoviePlan, clock: EncodeClock, feed = 0): EncodedFeed {
  const parts = placeParts(plan, clock, 0).map(({ start, end }, number): readonly EncodedPiece[] => {
    const length = clock.videoTicks(end) - clock.videoTicks(start);
    const shown = Array.from({ length: Math.round(length / FRAME) }, (_, i) => i * FRAME);
    return [{ object: pictures(`part-${feed}-${number}`, shown, clock.videoTimescale), from: 0, to: length }];
  });
  return { plan, parts };
}

function aMovie(changes: Partial<EncodedMovie> = {}): EncodedMovie {
  const plan = aFeed();
  const clock = new EncodeClock(12_800);
  const end = clock.of(feedLength(plan).shownTicks, feedLength(plan).timescale);
  const sounds = [{ object: sound('sound', clock.soundSample(end)), start: 0, end }];
  return { feeds: [encoded(plan, clock)], clock, sound: sounds, gaps: [], ...changes };
}

describe('joinMovie', () => {
  it('shows every frame of every part at its time, whatever decode times the encoders chose', () => {
    const shown = shownInOrder(joinMovie(aMovie()), 'video');
    expect(aFeed().windows.length).toBeGreaterThan(6);
    expect(shown).toHaveLength(200);
    shown.forEach((frame, i) => {
      expect(frame.at).toBeCloseTo(i * 0.04, 9);
      expect(frame.lastsFor).toBeCloseTo(0.04, 9);
    });
  });

  it('hides the priming of the sound and nothing else', () => {
    const plan = joinMovie(aMovie());
    expect(plan.tracks[1]!.presentation.mediaTime).toBe(PRIMING);
    expect(play(plan, 'audio').filter(({ isShown }) => !isShown)).toHaveLength(1);
    expect(play(plan, 'video').filter(({ isShown }) => !isShown)).toHaveLength(0);
  });

  it('delivers exactly the asked ranges and names the segments', () => {
    const plan = joinMovie(aMovie());
    expect(plan.delivered).toEqual([fromTo(1240, 5240), fromTo(8480, 12_480)]);
    expect([plan.edges, plan.warnings]).toEqual(['exact', []]);
    expect(plan.sources).toEqual(aFeed().objects);
  });

  it('lays sound and pictures side by side, and no headers', () => {
    const plan = joinMovie(aMovie());
    const order = plan.ranges.map((range) => ('inline' in range ? '' : plan.objects[range.object]!.key));
    expect(order.filter((key) => key === 'sound')).toHaveLength(1);
    expect(order.filter((key) => key.startsWith('part'))).toEqual(
      aFeed().windows.map((_, number) => `part-0-${number}`),
    );
  });

  it('leaves out what could not be decoded: later pictures and their sound move up together', () => {
    const movie = aMovie();
    const [feed] = movie.feeds;
    const parts = feed!.parts.map((part, number) => (number === 2 ? [] : part));
    const { start, end } = placeParts(feed!.plan, movie.clock, 0)[2]!;
    const gap = { ...fromTo(3240, 4240), reason: 'undecodable' as const };
    const plan = joinMovie({ ...movie, feeds: [{ plan: feed!.plan, parts }], gaps: [gap] });
    const lost = (end - start) / FRAME;
    const shown = shownInOrder(plan, 'video');
    expect(shown).toHaveLength(200 - lost);
    shown.forEach((frame, i) => {
      expect(frame.at).toBeCloseTo(i * 0.04, 9);
    });
    const heard = shownInOrder(plan, 'audio');
    // Sound of the source's second `s` stands in sample `s * 48000 / 1024 + 1`.
    const behind = heard.find(({ sample }) => (sample - 1) * 1024 >= (end / 12_800) * 48_000)!;
    const late = behind.at - ((behind.sample - 1) * 1024) / 48_000 + (end - start) / 12_800;
    expect(Math.abs(late)).toBeLessThan(1024 / 48_000);
    expect(plan.gaps).toContainEqual(gap);
    expect(plan.delivered).toEqual([fromTo(1240, 3240), fromTo(4240, 5240), fromTo(8480, 12_480)]);
  });

  it('lets a frame last until the next one over a seam, where the first of a part is missing', () => {
    const movie = aMovie();
    const [feed] = movie.feeds;
    const parts = [...feed!.parts];
    const [whole] = parts[1]!;
    const length = whole!.to;
    const shown = Array.from({ length: length / FRAME - 1 }, (_, i) => (i + 1) * FRAME);
    parts[1] = [{ ...whole!, object: pictures('late', shown, 12_800) }];
    const frames = shownInOrder(joinMovie({ ...movie, feeds: [{ plan: feed!.plan, parts }] }), 'video');
    expect(frames).toHaveLength(199);
    expect(frames.filter(({ lastsFor }) => Math.abs(lastsFor - 0.08) < 1e-9)).toHaveLength(1);
    expect(frames.at(-1)!.at + frames.at(-1)!.lastsFor).toBeCloseTo(8, 9);
  });

  it('refuses parts that cannot share a sample entry', () => {
    const movie = aMovie();
    const [feed] = movie.feeds;
    const parts = [...feed!.parts];
    const [piece] = parts[3]!;
    const tracks = piece!.object.tracks.map((track) => ({ ...track, width: 111 }));
    parts[3] = [{ ...piece!, object: { ...piece!.object, tracks } }];
    expect(refusalOf(() => joinMovie({ ...movie, feeds: [{ plan: feed!.plan, parts }] }))).toMatchObject({
      code: 'OutputInvalid',
    });
  });

  it('refuses pictures outside of their part', () => {
    const movie = aMovie();
    const [feed] = movie.feeds;
    const parts = [...feed!.parts];
    parts[0] = [{ ...parts[0]![0]!, to: FRAME }];
    expect(refusalOf(() => joinMovie({ ...movie, feeds: [{ plan: feed!.plan, parts }] }))).toMatchObject({
      code: 'OutputInvalid',
    });
  });
});

describe('parts', () => {
  it('cover the windows without a hole, begin at sync samples, and are about as long as asked', () => {
    const plan = aFeed();
    const whole = planOf(anArchive().shaped({ hasBFrames: true }).withSegments(4).build(), [
      fromTo(1240, 5240),
      fromTo(8480, 12_480),
    ]);
    for (const window of whole.windows) {
      const parts = plan.windows.filter(({ range }) => range === window.range);
      expect([parts[0]!.from, parts.at(-1)!.to]).toEqual([window.from, window.to]);
      expect(parts.slice(1).map(({ from }) => from)).toEqual(parts.slice(0, -1).map(({ to }) => to));
      expect(parts.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('are cut where one object ends for a look at what is wrong', () => {
    const archive = anArchive().withSegments(3).build();
    const plan = planOf(archive, [fromTo(1000, 11_000)]);
    const windows = cutAtObjects(plan, plan.windows[0]!);
    expect(windows.map(({ from, to }) => (to - from) / 12_800)).toEqual([3, 4, 3]);
  });
});

describe('EncodeClock', () => {
  it('lays one grid over all parts, however the parts are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([25, 1], [30_000, 1001], [25, 2], [1, 5]),
        fc.constantFrom(12_800, 90_000, 30_000, 1000),
        fc.array(fc.integer({ min: 1, max: 500_000 }), { minLength: 1, maxLength: 20 }),
        ([numerator = 25, denominator = 1], timescale, lengths) => {
          const clock = new EncodeClock(timescale, { numerator, denominator });
          let at = 0;
          let frames = 0;
          for (const length of lengths) {
            const [start, end] = [clock.of(at, timescale), clock.of(at + length, timescale)];
            const first = clock.frameFrom(start);
            expect(first).toBe(frames);
            // The first frame of a part is not before its pictures.
            expect(clock.instantOfFrame(first)).toBeGreaterThanOrEqual(start);
            frames += clock.frameFrom(end) - first;
            at += length;
          }
          expect(Math.abs(frames - (at * numerator) / (timescale * denominator))).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});
