import type { ObjectIndex, TrackIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

/** Sample entries of H.264, H.265 and MPEG-4 audio (ISO/IEC 14496-15, 14496-14). */
const TAKEN: Readonly<Record<TrackIndex['kind'], ReadonlySet<string>>> = {
  video: new Set(['avc1', 'avc3', 'hvc1', 'hev1']),
  audio: new Set(['mp4a']),
};
/** MPEG-4 and MPEG-2 AAC; MP3 in MP4 has `mp4a` too, but another object type. */
const AAC = /^mp4a(\.40(\..*)?|\.6[678].*)?$/i;

export const LONGEST_SEGMENT_MS = 3600_000;

/** How long the segment lasts: its video, or its audio when it has none. Rounded up to whole milliseconds. */
export function mediaDurationMs(index: ObjectIndex): number {
  const [first] = index.tracks;
  if (first === undefined) {
    return 0;
  }
  const ticks = first.samples.durations.reduce((sum, duration) => sum + duration, 0);
  return Math.ceil((ticks * 1000) / first.timescale);
}

/** Throws `CodecUnsupported` or `SegmentTooLong`. */
export function checkMedia(index: ObjectIndex): void {
  for (const track of index.tracks) {
    checkCodec(track);
  }
  const durationMs = mediaDurationMs(index);
  if (durationMs > LONGEST_SEGMENT_MS) {
    throw tooLong(durationMs);
  }
}

export function tooLong(durationMs: number): ExportError {
  return new ExportError('SegmentTooLong', {
    message: `the segment lasts ${durationMs} ms, at most ${LONGEST_SEGMENT_MS} are taken`,
    details: { durationMs, longestMs: LONGEST_SEGMENT_MS },
  });
}

function checkCodec(track: TrackIndex): void {
  const fourcc = Buffer.from(track.sampleEntry.subarray(4, 8)).toString('latin1');
  const taken = TAKEN[track.kind].has(fourcc) && (track.kind === 'video' || AAC.test(track.codec));
  if (!taken) {
    throw new ExportError('CodecUnsupported', {
      message: `the ${track.kind} is ${track.codec}; taken are H.264 and H.265 with AAC or no sound`,
      details: { kind: track.kind, codec: track.codec, sampleEntry: fourcc },
    });
  }
}
