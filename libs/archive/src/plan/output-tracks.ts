import type { TrackDescription, TrackKind } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { sliceOfKind, type Piece } from './piece';
import { canShareSampleEntry } from './sample-entry-identity';

const KINDS: readonly TrackKind[] = ['video', 'audio'];
/** Sample entries of H.264, H.265 and AAC. */
const TAKEN_ENTRIES: ReadonlySet<string> = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'mp4a']);

/**
 * What the output's tracks are: those of the first piece that has one. Throws `SampleEntryChanged` when another needs a
 * sample entry of its own, which browsers do not play.
 */
export function outputTracks(pieces: readonly Piece[]): TrackDescription[] {
  return KINDS.map((kind) => outputTrack(pieces, kind)).filter((track) => track !== undefined);
}

function outputTrack(pieces: readonly Piece[], kind: TrackKind): TrackDescription | undefined {
  let output: TrackDescription | undefined;
  for (const piece of pieces) {
    const track = sliceOfKind(piece, kind)?.track.summary;
    if (track === undefined) {
      continue;
    }
    if (output === undefined) {
      expectTaken(track, piece);
      output = describe(track);
    } else if (!canShareSampleEntry(output, track)) {
      throw changed(output, track, piece);
    }
  }
  return output;
}

function describe(track: TrackDescription): TrackDescription {
  const { kind, timescale, sampleEntry, codec, width, height, matrix, language } = track;
  return { kind, timescale, sampleEntry, codec, width, height, matrix, language };
}

function expectTaken(track: TrackDescription, { segment }: Piece): void {
  if (!TAKEN_ENTRIES.has(track.codec.slice(0, 4))) {
    throw new ExportError('CodecUnsupported', {
      message: `the ${track.kind} of ${segment.key} is ${track.codec}; taken are H.264, H.265 and AAC`,
      details: { key: segment.key, codec: track.codec },
    });
  }
}

function changed(before: TrackDescription, track: TrackDescription, { segment }: Piece): ExportError {
  const from = `${before.codec} ${before.width}x${before.height}`;
  const to = `${track.codec} ${track.width}x${track.height}`;
  const at = new Date(segment.startMs).toISOString();
  return new ExportError('SampleEntryChanged', {
    message: `the configuration of the ${track.kind} changes at ${at}, in ${segment.key} (${from} to ${to})`,
    details: { key: segment.key, startMs: segment.startMs, kind: track.kind, from, to },
  });
}
