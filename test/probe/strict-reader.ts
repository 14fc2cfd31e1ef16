import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createFile, Log, MP4BoxBuffer, type ISOFile, type Track } from 'mp4box';

const PIECE_BYTES = 1024 * 1024;

/** What mp4box.js, a reader that we did not write, makes of a file. */
export interface StrictReading {
  /** Its warnings and errors, and samples that it places outside of the file; none in a good file. */
  readonly complaints: readonly string[];
  readonly brands: readonly string[];
  readonly durationSeconds: number;
  readonly tracks: readonly StrictTrack[];
}

export interface StrictTrack {
  readonly kind: string;
  readonly codec: string;
  readonly timescale: number;
  /** Sum of the samples' durations, in ticks. */
  readonly mediaDuration: number;
  readonly samples: number;
  /** In ticks; the edit list is not applied. Null without samples. */
  readonly first: StrictSample | null;
  readonly last: StrictSample | null;
  readonly edits: readonly StrictEdit[];
}

export interface StrictSample {
  /** In the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly dts: number;
  readonly cts: number;
  readonly duration: number;
  readonly isSync: boolean;
}

export interface StrictEdit {
  readonly seconds: number;
  /** In the track's ticks; of no meaning in an empty edit, which shows nothing. */
  readonly mediaTime: number;
  readonly isEmpty: boolean;
}

const NOTHING = { brands: [], durationSeconds: 0, tracks: [] };

/**
 * Reads a file from disk in pieces, skipping the media, so that its size does not matter. In one go, because mp4box.js has one log for the whole process.
 */
export function readStrictly(path: string): StrictReading {
  const fd = openSync(path, 'r');
  const complaints: string[] = [];
  const restore = takeOverLog(complaints);
  try {
    const file = createFile();
    const size = fstatSync(fd).size;
    feed(file, fd, size);
    return { complaints, ...describe(file, size, complaints) };
  } catch (error) {
    complaints.push(`it gives up: ${String(error)}`);
    return { complaints, ...NOTHING };
  } finally {
    restore();
    closeSync(fd);
  }
}

function takeOverLog(complaints: string[]): () => void {
  const { warn, error } = Log;
  const note = (module: string, message = ''): void => {
    complaints.push(`${module}: ${message}`);
  };
  Log.warn = note;
  Log.error = note;
  return () => {
    Log.warn = warn;
    Log.error = error;
  };
}

function feed(file: ISOFile, fd: number, size: number): void {
  let position = 0;
  while (position < size) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - position));
    readSync(fd, piece, 0, piece.length, position);
    const bytes = piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.length);
    const next = file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(bytes, position));
    position = Math.max(next, position + piece.length, tailOfMedia(file, size));
  }
  file.flush();
}

/** It asks for all of an `mdat` and throws it away: of a large one the last piece is enough to find its end. */
function tailOfMedia({ parsingMdat: mdat }: ISOFile, size: number): number {
  return mdat?.start === undefined ? 0 : Math.min(mdat.start + mdat.size, size) - PIECE_BYTES;
}

function describe(file: ISOFile, size: number, complaints: string[]): Omit<StrictReading, 'complaints'> {
  const { hasMoov, brands, duration, timescale, tracks } = file.getInfo();
  if (!hasMoov) {
    complaints.push('there is no moov');
    return NOTHING;
  }
  return {
    brands,
    durationSeconds: duration / timescale,
    tracks: tracks.map((track) => describeTrack(file, track, size, complaints)),
  };
}

function describeTrack(file: ISOFile, track: Track, size: number, complaints: string[]): StrictTrack {
  const samples = file.getTrackSamplesInfo(track.id);
  const outside = samples.findIndex(({ offset, size: bytes }) => offset + bytes > size);
  if (outside !== -1) {
    complaints.push(`sample ${outside} of track ${track.id} lies outside of the file`);
  }
  const { timescale, codec, samples_duration: mediaDuration, movie_timescale: movieTimescale } = track;
  return {
    kind: track.type ?? 'other',
    codec,
    timescale,
    mediaDuration,
    samples: samples.length,
    first: sampleOf(samples[0]),
    last: sampleOf(samples.at(-1)),
    edits: (track.edits ?? []).map(({ segment_duration, media_time }) => ({
      seconds: segment_duration / movieTimescale,
      mediaTime: media_time,
      isEmpty: media_time === -1 || media_time === 2 ** 32 - 1,
    })),
  };
}

function sampleOf(
  sample: ReturnType<ISOFile['getTrackSamplesInfo']>[number] | undefined,
): StrictSample | null {
  if (sample === undefined) {
    return null;
  }
  const { offset, size: sizeBytes, dts, cts, duration, is_sync: isSync } = sample;
  return { offset, sizeBytes, dts, cts, duration, isSync };
}
