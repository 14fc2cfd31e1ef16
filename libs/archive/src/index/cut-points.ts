import { decodeTimes, type ObjectIndex, type TrackIndex } from '@clipmesh/media';

/**
 * Where a plan may cut an object. Border `g` lies before GOP `g`; the last border is the object's end.
 * A slice `[g, h)` of GOPs takes the samples `[firsts[g], ends[h])` of each track. Video is cut between GOPs. Of the
 * audio, the sample that sounds when GOP `g` is first shown belongs to slices on both sides of border `g`, so
 * that neither lacks sound.
 */
export interface CutPoints {
  readonly gopCount: number;
  /** One for each of the object's tracks, in their order. */
  readonly tracks: readonly TrackCuts[];
}

export interface TrackCuts {
  /** First sample of a slice that begins at a border. */
  readonly firsts: Uint32Array;
  /** One behind the last sample of a slice that ends at a border. */
  readonly ends: Uint32Array;
}

/** Leaves and plans both come from here, and so cut at the same samples. */
export function cutPointsOf(index: ObjectIndex): CutPoints {
  const [first] = index.tracks;
  if (first === undefined) {
    return { gopCount: 0, tracks: [] };
  }
  const borders = first.kind === 'video' ? gopBorders(first) : secondBorders(first);
  const times = borderTimes(first, borders);
  const tracks = index.tracks.map((track) =>
    track === first
      ? { firsts: borders, ends: borders }
      : cutsAtTimes(track, times, first.timescale, borders.length),
  );
  return { gopCount: borders.length - 1, tracks };
}

/** Numbers of the sync samples, and the sample count as the last border. */
function gopBorders(track: TrackIndex): Uint32Array {
  const { syncs, count } = track.samples;
  const borders = [0];
  for (let i = 1; i < count; i++) {
    if (syncs[i] === 1) {
      borders.push(i);
    }
  }
  borders.push(count);
  return Uint32Array.from(borders);
}

/** Sound on its own is cut where a new second of media time begins. */
function secondBorders(track: TrackIndex): Uint32Array {
  const { durations, count } = track.samples;
  const borders = [0];
  let time: number = track.decodeStart;
  let second = Math.floor(time / track.timescale);
  for (let i = 1; i < count; i++) {
    time += durations[i - 1] ?? 0;
    const now = Math.floor(time / track.timescale);
    if (now > second) {
      borders.push(i);
      second = now;
    }
  }
  borders.push(count);
  return Uint32Array.from(borders);
}

/** Presentation times of the samples at all borders but the last, never falling. */
function borderTimes(track: TrackIndex, borders: Uint32Array): Float64Array {
  const decode = decodeTimes(track.samples);
  const times = new Float64Array(borders.length - 1);
  let latest = -Infinity;
  for (let g = 0; g < times.length; g++) {
    const sample = borders[g] ?? 0;
    const shown = (decode[sample] ?? 0) + (track.samples.compositionOffsets[sample] ?? 0);
    latest = Math.max(latest, track.decodeStart + shown);
    times[g] = latest;
  }
  return times;
}

function cutsAtTimes(
  track: TrackIndex,
  times: Float64Array,
  timescale: number,
  borderCount: number,
): TrackCuts {
  const { durations, count } = track.samples;
  const firsts = new Uint32Array(borderCount);
  const ends = new Uint32Array(borderCount);
  let sample = 0;
  let start: number = track.decodeStart;
  for (let g = 1; g < borderCount - 1; g++) {
    const border = ((times[g] ?? 0) * track.timescale) / timescale;
    while (sample < count && start + (durations[sample] ?? 0) <= border) {
      start += durations[sample] ?? 0;
      sample++;
    }
    firsts[g] = sample;
    ends[g] = start < border && sample < count ? sample + 1 : sample;
  }
  firsts[borderCount - 1] = count;
  ends[borderCount - 1] = count;
  return { firsts, ends };
}

/** Last border at or before a sample: where a slice that needs this sample of the first track begins. */
export function borderBefore(cuts: TrackCuts, sample: number): number {
  let low = 0;
  let high = cuts.firsts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts.firsts[middle] ?? 0) <= sample) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** First border behind a sample: where a slice that needs this sample ends. */
export function borderBehind(cuts: TrackCuts, sample: number): number {
  let low = 0;
  let high = cuts.ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts.ends[middle] ?? 0) <= sample) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
