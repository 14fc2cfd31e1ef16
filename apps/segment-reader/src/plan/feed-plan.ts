import { cutWindows, edgesOf, feedLength, shownSize, type MoviePlan } from '@clipmesh/archive';
import type { FeedFacts } from '@clipmesh/contracts';
import { ticks } from '@clipmesh/media';
import type { EncoderSettings } from '@clipmesh/pipeline';
import type { Feeding } from './feeding';

/** So many encoders may share a movie, as long as their parts are worth starting ffmpeg for. */
const ENCODERS = 8;
const SHORTEST_MS = 5_000;
/** Of a slow grid a part holds so many frames at least. */
const LEAST_FRAMES = 10;

/** A plan as it is fed to encoders: cut into parts where its pictures are encoded, whole where they are copied. */
export function feedPlan(plan: MoviePlan, feeding: Feeding, partMs: number): MoviePlan {
  // What is encoded of it stands in the plan already.
  return feeding === 'edges' ? plan : encoderFeed(plan, feeding, partMs);
}

function encoderFeed(plan: MoviePlan, { video, audio }: EncoderSettings, partMs: number): MoviePlan {
  const heard =
    audio === 'none' ? { ...plan, tracks: plan.tracks.filter(({ kind }) => kind === 'video') } : plan;
  if (video === 'copy') {
    return { ...heard, windows: [wholeWindow(heard)] };
  }
  const slowestMs = video.frameRate === undefined ? 0 : (1000 * LEAST_FRAMES) / video.frameRate;
  return cutWindows(heard, Math.max(Math.min(partMs, shareMs(plan)), slowestMs));
}

/** Of a short movie the parts are shorter, so that several encoders are at it. */
function shareMs(plan: MoviePlan): number {
  const { shownTicks, timescale } = feedLength(plan);
  return Math.max(SHORTEST_MS, (1000 * shownTicks) / timescale / ENCODERS);
}

/** Copied pictures are shown as the plan says, seams and all, and sound goes along. */
function wholeWindow({ tracks: [main] }: MoviePlan): MoviePlan['windows'][number] {
  const { mediaTime = ticks(0), duration = ticks(0) } = main?.presentation ?? {};
  const from = Math.max(0, mediaTime);
  return { range: 0, from: ticks(from), to: ticks(mediaTime + duration) };
}

export function feedFacts(plan: MoviePlan): FeedFacts {
  const [main] = plan.tracks;
  const soundCodec = plan.tracks.find(({ kind }) => kind === 'audio')?.codec;
  const hasVideo = main?.kind === 'video';
  return {
    ...feedLength(plan),
    parts: edgesOf(plan).length,
    hasVideo,
    ...(soundCodec === undefined ? {} : { soundCodec }),
    framesPerSecond: main === undefined ? 1 : samplesPerSecond(main),
    ...(hasVideo ? shownSize(main) : { width: 0, height: 0 }),
  };
}

/** On average; the last run is taken to go on as it ends. */
function samplesPerSecond({ runs, timescale }: MoviePlan['tracks'][number]): number {
  const last = runs.at(-1);
  const samples = runs.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  const ticksInAll = last === undefined ? 0 : last.decodeStart + last.lastDuration * last.sampleCount;
  return ticksInAll === 0 ? 1 : (samples * timescale) / ticksInAll;
}
