import { rescale, ticks, wallTime, type TrackDescription, type TrackIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { packObject, packTrack } from '../index/packed-object';
import { Lane } from '../plan/lane';
import { canShareSampleEntry } from '../plan/sample-entry-identity';
import { openTrack, sliceOf, type OpenedTrack } from '../plan/track-slice';
import type { EncodedSound } from './encoded-movie';
import type { JoinedObjects } from './joined-objects';
import type { JoinedTrack } from './joined-video';
import { timedRanges, type TimedRange } from './timed-ranges';

/** A stretch of the movie in which nothing is left out. */
export interface Stretch {
  /** Instants of the clock, with nothing left out. */
  readonly start: number;
  readonly end: number;
  /** When it begins in the movie. */
  readonly at: number;
}

interface OpenedSound {
  readonly sound: EncodedSound;
  readonly opened: OpenedTrack;
}

/**
 * The sound of all stretches as one track, in ticks of the sound that comes first. Where something was left out the sound is
 * cut between samples and begins anew with the picture, early or late by less than a sample.
 */
export function joinSound(
  sounds: readonly EncodedSound[],
  stretches: readonly Stretch[],
  timescale: number,
  objects: JoinedObjects,
): JoinedTrack {
  const opened = sounds.map(openSound);
  const [first] = opened;
  if (first === undefined) {
    throw new ExportError('InternalError', { message: 'sound is to be joined and there is none' });
  }
  const { index } = first.opened;
  const joiner = new SoundJoiner(index, timescale, objects);
  for (const one of opened) {
    expectSameEntry(index, one);
    for (const stretch of stretches) {
      joiner.lay(one, stretch);
    }
  }
  return joiner.finish(describe(index));
}

class SoundJoiner {
  private readonly lane: Lane;
  private readonly ranges: TimedRange[] = [];
  /** End of the movie. */
  private end = 0;

  constructor(
    index: TrackIndex,
    /** Of the clock. */
    private readonly timescale: number,
    private readonly objects: JoinedObjects,
  ) {
    this.lane = new Lane(index.timescale);
  }

  /** Lays what of the sound belongs to the stretch. */
  lay({ sound, opened }: OpenedSound, stretch: Stretch): void {
    const start = Math.max(sound.start, stretch.start);
    const end = Math.min(sound.end, stretch.end);
    if (start >= end) {
      return;
    }
    // In ticks of the sound, from its own time 0.
    const cut = { from: this.ticksOf(start - sound.start), to: this.ticksOf(end - sound.start) };
    const samples = samplesIn(opened, cut.from, cut.to);
    const at = stretch.at + start - stretch.start;
    this.end = this.ticksOf(at + end - start);
    if (samples.from >= samples.to) {
      return;
    }
    const slice = sliceOf(opened, samples.from, samples.to);
    const object = this.objects.numberOf(sound.object, { wallStartMs: wallTime(0) });
    const target = this.ticksOf(at) + slice.presentationStart - cut.from;
    this.lane.laySound(slice, { object, originMs: wallTime(0) }, target);
    this.lane.endSound(this.end);
    this.take(object, sound, opened, samples, at - start + sound.start);
  }

  finish(description: TrackDescription): JoinedTrack {
    const { lane, end, ranges } = this;
    const presentation = {
      mediaTime: lane.mediaTime(0),
      duration: ticks(Math.max(0, Math.min(end, lane.presentationEnd))),
    };
    return { track: { ...description, presentation, runs: lane.runs }, ranges };
  }

  private take(
    object: number,
    sound: EncodedSound,
    { index, presentation }: OpenedTrack,
    samples: { from: number; to: number },
    at: number,
  ): void {
    const ranges = timedRanges({
      object,
      packedLeaves: packObject(sound.object).leaves,
      samples: index.samples,
      ...samples,
      secondsOf: (sample) => at / this.timescale + (presentation[sample] ?? 0) / index.timescale,
    });
    this.ranges.push(...ranges);
  }

  private ticksOf(instant: number): number {
    return rescale(instant, this.timescale, this.lane.timescale, 'round');
  }
}

/** At the sound's own start all that comes before, such as priming; elsewhere from the sample that sounds nearest to it. */
function samplesIn(
  { presentation, index }: OpenedTrack,
  from: number,
  to: number,
): { from: number; to: number } {
  const { durations, count } = index.samples;
  const first = presentation.findIndex((time, i) => time + (durations[i] ?? 0) / 2 > from);
  const behind = presentation.findIndex((time) => time >= to);
  return {
    from: from <= 0 ? 0 : first < 0 ? count : first,
    to: behind < 0 ? count : behind,
  };
}

function openSound(sound: EncodedSound): OpenedSound {
  const index = sound.object.tracks.find(({ kind }) => kind === 'audio');
  if (index === undefined || index.samples.count === 0) {
    throw invalid(sound, 'holds none');
  }
  return { sound, opened: openTrack(packTrack(index), index) };
}

function expectSameEntry(index: TrackIndex, { sound, opened }: OpenedSound): void {
  if (opened.index.timescale !== index.timescale || !canShareSampleEntry(index, opened.index)) {
    throw invalid(sound, 'has another codec configuration than the sound before it');
  }
}

function invalid({ object: { key } }: EncodedSound, what: string): ExportError {
  return new ExportError('OutputInvalid', { message: `the sound ${key} ${what}`, details: { key } });
}

function describe({
  kind,
  timescale,
  sampleEntry,
  codec,
  width,
  height,
  matrix,
  language,
}: TrackIndex): TrackDescription {
  return { kind, timescale, sampleEntry, codec, width, height, matrix, language };
}
