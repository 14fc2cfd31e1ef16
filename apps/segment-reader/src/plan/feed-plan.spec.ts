import type { MoviePlan } from '@clipmesh/archive';
import { ticks } from '@clipmesh/media';
import type { EncoderSettings, VideoSettings } from '@clipmesh/pipeline';
import { feedFacts, feedPlan } from './feed-plan';

const TIMESCALE = 1_000;
const VIDEO = {
  kind: 'video',
  codec: 'avc1.64001f',
  width: 1920,
  height: 1080,
  matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const AUDIO = {
  kind: 'audio',
  codec: 'mp4a.40.2',
  timescale: 48_000,
  runs: [],
  presentation: { mediaTime: 0, duration: 0 },
};

/** A plan that shows so many seconds from its first sync sample on, and of which no cut reads a sample. */
const aPlan = (seconds: number, kinds = [VIDEO, AUDIO]): MoviePlan =>
  ({
    tracks: kinds.map((track) => ({
      timescale: TIMESCALE,
      sampleEntry: new Uint8Array(),
      runs: [{ decodeStart: 0, sampleCount: seconds * 25, lastDuration: 40 }],
      presentation: { mediaTime: 500, duration: seconds * TIMESCALE },
      ...track,
    })),
    windows: [{ range: 0, from: ticks(500), to: ticks(500 + seconds * TIMESCALE) }],
  }) as unknown as MoviePlan;

const settings = (more: Partial<EncoderSettings> = {}): EncoderSettings => ({
  format: 1,
  video: { kind: 'h264' } satisfies VideoSettings,
  audio: { kind: 'aac' },
  ...more,
});

it('feeds no sound where it is dropped', () => {
  const { tracks } = feedPlan(aPlan(1), settings({ video: 'copy', audio: 'none' }), 20_000);
  expect(tracks.map(({ kind }) => kind)).toEqual(['video']);
});

it('takes copied pictures as a whole, as the plan shows them', () => {
  const plan = { ...aPlan(60), windows: [{ range: 0, from: ticks(500), to: ticks(900) }] };
  const { windows } = feedPlan(plan, settings({ video: 'copy' }), 20_000);
  expect(windows).toEqual([{ range: 0, from: 500, to: 60_500 }]);
});

it('tells what encoders need to know of the feed', () => {
  expect(feedFacts(aPlan(60))).toEqual({
    parts: 1,
    timescale: TIMESCALE,
    shownTicks: 60_000,
    hasVideo: true,
    soundCodec: 'mp4a.40.2',
    framesPerSecond: 25,
    width: 1920,
    height: 1080,
  });
});
