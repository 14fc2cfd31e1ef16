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

/** With the bytes, where they are at hand. */
export function packTrack(track: TrackIndex, bytes = encodeTrackIndex(track)): PackedTrack {
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
    bytes,
  };
}

export function packObject(object: IndexedObject): PackedObject {
  return (
    object.packed ?? {
      leaves: packLeaves(object.leaves),
      tracks: object.tracks.map((track) => packTrack(track)),
    }
  );
}

export function unpackTracks({ tracks }: PackedObject): readonly TrackIndex[] {
  return tracks.map(({ bytes }) => decodeTrackIndex(bytes));
}

/**
 * A packed object, unpacked at each reading. A class, because V8 keeps a literal with accessors as a hash table of a kilobyte.
 * Leaves and tracks are not among its own members: a copy by `{ ...view }` has none.
 */
export class UnpackedView {
  constructor(readonly packed: PackedObject) {}

  get leaves(): readonly Leaf[] {
    return unpackLeaves(this.packed.leaves);
  }

  get tracks(): readonly TrackIndex[] {
    return unpackTracks(this.packed);
  }
}

export function unpackedView(packed: PackedObject): UnpackedView {
  return new UnpackedView(packed);
}
