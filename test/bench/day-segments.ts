import { createHash } from 'node:crypto';
import { HOUR_MS, packObject, unpackedView, type SegmentEntry } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import { ticks, wallTime, type SampleTable, type Ticks, type TrackIndex } from '@clipmesh/media';

const FRAMES_PER_SECOND = 25;
const FRAMES_PER_GOP = 50;
const FRAME_TICKS = 512;
const VIDEO_TIMESCALE = FRAME_TICKS * FRAMES_PER_SECOND;
const AUDIO_RATE = 48_000;
const AAC_FRAME = 1024;
const MOOF_BYTES = 1_100;
const HEADER_BYTES = 1_200;
/** About 3 Mbit/s: a picture that stands alone, one that others refer to, one that none does. */
const PICTURE_BYTES = { sync: 60_000, reference: 18_000, other: 10_000 };
const SOUND_BYTES = 256;
const UNITY = [65_536, 0, 0, 0, 65_536, 0, 0, 0, 1_073_741_824] as const;

interface Laid {
  readonly video: SampleTable;
  readonly audio: SampleTable;
  readonly ends: readonly number[];
}

/**
 * Index entries of an hour that was never recorded, as heavy as real ones get: 25 frames a second with two B-frames between
 * others, GOPs of 2 s in fragments of their own, AAC at 48 kHz that runs on over segments, no two tables alike.
 */
export function daySegments(hour: number, segmentSeconds: number): SegmentEntry[] {
  const startMs = hour * HOUR_MS;
  const random = generator(hour);
  const count = Math.floor(HOUR_MS / (segmentSeconds * 1000));
  return Array.from({ length: count }, (_, i) =>
    segmentAt(startMs + i * segmentSeconds * 1000, segmentSeconds, random),
  );
}

function segmentAt(startMs: number, seconds: number, random: () => number): SegmentEntry {
  const startAudio = (startMs / 1000) * AUDIO_RATE;
  const firstFrame = Math.ceil(startAudio / AAC_FRAME);
  const laid = layOut(seconds, startAudio, firstFrame, random);
  const sizeBytes = laid.ends.at(-1) ?? 0;
  const digest = createHash('sha256').update(String(startMs));
  const sha256 = digest.copy().digest('hex');
  const leaves = laid.ends.map((end, i) => ({
    length: end - (laid.ends[i - 1] ?? 0),
    sha256: digest.update('leaf').copy().digest(),
  }));
  const tracks = [
    // One frame waits for those that are shown before it.
    trackOf('video', ticks(-FRAME_TICKS), laid.video),
    trackOf('audio', ticks(firstFrame * AAC_FRAME - startAudio), laid.audio),
  ];
  const facts = {
    bucket: BUCKETS.archive,
    key: `camera/${String(startMs)}.mp4`,
    etag: sha256.slice(0, 32),
    sha256,
    sizeBytes,
    startMs: wallTime(startMs),
    endMs: wallTime(startMs + seconds * 1000),
    indexedAtMs: wallTime(startMs + seconds * 1000),
  };
  return Object.assign(unpackedView(packObject({ ...facts, leaves, tracks })), facts);
}

/** Header, then for each GOP a moof, its pictures and its sound. */
function layOut(seconds: number, startAudio: number, firstFrame: number, random: () => number): Laid {
  const video = new TableColumns();
  const audio = new TableColumns();
  const ends: number[] = [];
  let offset = HEADER_BYTES;
  let frame = firstFrame;
  for (let gop = 0; gop < (seconds * FRAMES_PER_SECOND) / FRAMES_PER_GOP; gop++) {
    offset = video.add(offset + MOOF_BYTES, FRAMES_PER_GOP, (i) => picture(i, random));
    const until = startAudio + (((gop + 1) * FRAMES_PER_GOP) / FRAMES_PER_SECOND) * AUDIO_RATE;
    const frames = Math.ceil(until / AAC_FRAME) - frame;
    offset = audio.add(offset, frames, () => [
      Math.round(SOUND_BYTES * (0.9 + random() / 5)),
      AAC_FRAME,
      0,
      true,
    ]);
    frame += frames;
    ends.push(offset);
  }
  return { video: video.build(), audio: audio.build(), ends };
}

type Row = readonly [size: number, duration: number, offset: number, isSync: boolean];

/** I P B B P B B ...: a reference is decoded before the two pictures that are shown before it. */
function picture(i: number, random: () => number): Row {
  const vary = 0.8 + 0.4 * random();
  if (i === 0) {
    return [Math.round(PICTURE_BYTES.sync * vary), FRAME_TICKS, FRAME_TICKS, true];
  }
  const isReference = i % 3 === 1;
  const hasOthersBefore = i + 2 < FRAMES_PER_GOP;
  const later = isReference ? (hasOthersBefore ? 3 : 1) : 0;
  const bytes = isReference ? PICTURE_BYTES.reference : PICTURE_BYTES.other;
  return [Math.round(bytes * vary), FRAME_TICKS, later * FRAME_TICKS, false];
}

class TableColumns {
  private readonly rows: Row[] = [];
  private readonly offsets: number[] = [];
  private readonly counts: number[] = [];

  /** A chunk at `offset`; returns where it ends. */
  add(offset: number, count: number, makeRow: (i: number) => Row): number {
    const rows = Array.from({ length: count }, (_, i) => makeRow(i));
    this.rows.push(...rows);
    this.offsets.push(offset);
    this.counts.push(count);
    return rows.reduce((end, [size]) => end + size, offset);
  }

  build(): SampleTable {
    const { rows } = this;
    return {
      count: rows.length,
      sizes: Uint32Array.from(rows, ([size]) => size),
      durations: Uint32Array.from(rows, ([, duration]) => duration),
      compositionOffsets: Int32Array.from(rows, ([, , offset]) => offset),
      syncs: Uint8Array.from(rows, ([, , , isSync]) => (isSync ? 1 : 0)),
      chunkOffsets: Float64Array.from(this.offsets),
      chunkSampleCounts: Uint32Array.from(this.counts),
    };
  }
}

function trackOf(kind: 'video' | 'audio', decodeStart: Ticks, samples: SampleTable): TrackIndex {
  const isVideo = kind === 'video';
  const sampleEntry = Buffer.alloc(160);
  sampleEntry.writeUInt32BE(sampleEntry.length);
  sampleEntry.write(isVideo ? 'avc1' : 'mp4a', 4, 'latin1');
  return {
    kind,
    timescale: isVideo ? VIDEO_TIMESCALE : AUDIO_RATE,
    sampleEntry,
    codec: isVideo ? 'avc1.64001f' : 'mp4a.40.2',
    width: isVideo ? 1920 : 0,
    height: isVideo ? 1080 : 0,
    matrix: UNITY,
    language: 'und',
    decodeStart,
    samples,
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
