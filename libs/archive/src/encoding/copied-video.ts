import { decodeTimes, encodeTrackIndex, ticks, wallTime, type TrackIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { packObject } from '../index/packed-object';
import type { IndexedObject } from '../index/segment-entry';
import type { PlanTrack } from '../plan/movie-plan';
import type { EncodedMovie } from './encoded-movie';
import type { JoinedObjects } from './joined-objects';
import type { JoinedTrack } from './joined-video';
import { timedRanges, type TimedRange } from './timed-ranges';

/** The video of a movie whose frames were copied into one object: shown as planned, only the samples lie elsewhere. */
export function copiedVideo(
  { feeds, copiedVideo: object }: EncodedMovie,
  objects: JoinedObjects,
): JoinedTrack | undefined {
  const track = feeds[0]?.plan.tracks.find(({ kind }) => kind === 'video');
  if (track === undefined || object === undefined) {
    return undefined;
  }
  const index = indexOf(object, track);
  const wallStartMs = track.runs[0]?.wallStartMs ?? wallTime(0);
  const number = objects.numberOf(object, { wallStartMs });
  const { count, durations } = index.samples;
  const run = {
    object: number,
    wallStartMs,
    decodeStart: ticks(0),
    firstSample: 0,
    sampleCount: count,
    lastDuration: ticks(durations[count - 1] ?? 0),
    track: encodeTrackIndex({ ...index, decodeStart: ticks(0) }),
  };
  return { track: { ...track, runs: [run] }, ranges: rangesOf(object, number, index) };
}

function indexOf(object: IndexedObject, { runs, timescale }: PlanTrack): TrackIndex {
  const index = object.tracks.find(({ kind }) => kind === 'video');
  const planned = runs.reduce((sum, run) => sum + run.sampleCount - (run.skippedSamples ?? 0), 0);
  if (index?.samples.count !== planned || index.timescale !== timescale) {
    throw new ExportError('OutputInvalid', {
      message: `${planned} pictures were to be copied, ${index?.samples.count ?? 0} are in ${object.key}`,
      details: { key: object.key },
    });
  }
  return index;
}

function rangesOf(object: IndexedObject, number: number, { samples, timescale }: TrackIndex): TimedRange[] {
  const times = decodeTimes(samples);
  return timedRanges({
    object: number,
    packedLeaves: packObject(object).leaves,
    samples,
    from: 0,
    to: samples.count,
    secondsOf: (sample) => (times[sample] ?? 0) / timescale,
  });
}
