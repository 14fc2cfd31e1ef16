import type { TrackDescription } from '@clipmesh/media';
import type { BlobList } from './blob-list';
import type { HeaderReader } from './header-reader';

/** What a track is, as the header of a record has it. */
export function describeTrack(track: TrackDescription, blobs: BlobList): object {
  const { kind, timescale, codec, width, height, matrix, language } = track;
  const entry = blobs.add(track.sampleEntry);
  return { kind, timescale, codec, width, height, matrix, language, entry };
}

export function readTrackDescription(reader: HeaderReader): TrackDescription {
  const timescale = reader.at('timescale').count();
  if (timescale === 0) {
    reader.at('timescale').fail('has a timescale of 0');
  }
  return {
    kind: reader.at('kind').textOf(['video', 'audio']),
    timescale,
    codec: reader.at('codec').text(),
    width: reader.at('width').count(),
    height: reader.at('height').count(),
    matrix: reader.at('matrix').row(9),
    language: reader.at('language').text(),
    sampleEntry: reader.at('entry').blob(),
  };
}
