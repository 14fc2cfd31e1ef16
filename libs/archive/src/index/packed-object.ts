import {
  decodeTrackIndex,
  encodeTrackIndex,
  presentationSpan,
  ticks,
  totalDuration,
  type TrackIndex,
} from '@clipmesh/media';
import { packLeaves, unpackLeaves } from './packed-leaves';
import type { IndexedObject, Leaf, PackedObject, PackedTrack } from './segment-entry';

export function packTrack(track: TrackIndex): PackedTrack {
  const { samples, ...description } = track;
  const span = presentationSpan(samples);
  return {
    summary: {
      ...description,
      sampleCount: samples.count,
      decodeEnd: ticks(track.decodeStart + totalDuration(samples)),
      lastDuration: ticks(samples.durations[samples.count - 1] ?? 0),
      presentationStart: ticks(track.decodeStart + span.start),
      presentationEnd: ticks(track.decodeStart + span.end),
    },
    bytes: encodeTrackIndex(track),
  };
}

export function packObject(object: IndexedObject): PackedObject {
  return object.packed ?? { leaves: packLeaves(object.leaves), tracks: object.tracks.map(packTrack) };
}

export function unpackTracks({ tracks }: PackedObject): readonly TrackIndex[] {
  return tracks.map(({ bytes }) => decodeTrackIndex(bytes));
}

/** The unpacked view of a packed object, made at each reading. */
export function unpackedView(packed: PackedObject): {
  readonly leaves: readonly Leaf[];
  readonly tracks: readonly TrackIndex[];
  readonly packed: PackedObject;
} {
  return {
    packed,
    get leaves() {
      return unpackLeaves(packed.leaves);
    },
    get tracks() {
      return unpackTracks(packed);
    },
  };
}
