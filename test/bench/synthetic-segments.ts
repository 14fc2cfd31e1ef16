import { createHash } from 'node:crypto';
import { HOUR_MS, packObject, unpackedView, type PackedObject, type SegmentEntry } from '@clipmesh/archive';
import { BUCKETS } from '@clipmesh/contracts';
import { ticks, wallTime, type SampleTable, type TrackIndex } from '@clipmesh/media';

const FRAMES_PER_SECOND = 25;
const GOP_SECONDS = 2;
const FRAMES_PER_GOP = FRAMES_PER_SECOND * GOP_SECONDS;
const TIMESCALE = 12_800;
const BYTES_PER_SECOND = 3_000_000 / 8;
/** A picture that stands alone takes about so many others. */
const SYNC_WEIGHT = 6;
const HEADER_BYTES = 1_200;
const MOOF_BYTES = 700;
/** Of this many kinds of tables; a segment is of the kind that its number gives. */
const KINDS = 16;
const UNITY = [65_536, 0, 0, 0, 65_536, 0, 0, 0, 1_073_741_824] as const;

/** Makes index entries of segments that were never recorded: 25 frames a second, GOPs of 2 s, 3 Mbit/s, no sound. */
export class SegmentMaker {
  private readonly kinds: readonly { readonly packed: PackedObject; readonly sizeBytes: number }[];

  constructor(
    private readonly segmentSeconds: number,
    /** Tables that come again are kept once in an index object: smaller than real ones, for what is only to be there. */
    private readonly tablesRepeat: boolean,
  ) {
    this.kinds = Array.from({ length: KINDS }, (_, kind) => packedSegment(segmentSeconds, kind));
  }

  /** All segments of an hour, in order of time. */
  hour(hour: number): SegmentEntry[] {
    const startMs = hour * HOUR_MS;
    const count = Math.floor(HOUR_MS / (this.segmentSeconds * 1000));
    return Array.from({ length: count }, (_, i) => this.segment(startMs + i * this.segmentSeconds * 1000, i));
  }

  private segment(startMs: number, number: number): SegmentEntry {
    const kind = this.kinds[number % KINDS] ?? packedSegment(this.segmentSeconds, number);
    const digest = createHash('sha256').update(String(startMs)).digest('hex');
    const [day = '', time = ''] = new Date(startMs).toISOString().split('T');
    const facts = {
      bucket: BUCKETS.archive,
      key: `camera/${day.replaceAll('-', '/')}/${time.slice(0, 2)}/${String(startMs)}.mp4`,
      etag: digest.slice(0, 32),
      sha256: digest,
      sizeBytes: kind.sizeBytes,
      startMs: wallTime(startMs),
      endMs: wallTime(startMs + this.segmentSeconds * 1000),
      indexedAtMs: wallTime(startMs + this.segmentSeconds * 1000),
    };
    return Object.assign(unpackedView(this.tablesRepeat ? kind.packed : copyOf(kind.packed)), facts);
  }
}

function packedSegment(seconds: number, kind: number): { packed: PackedObject; sizeBytes: number } {
  const samples = sampleTable(seconds * FRAMES_PER_SECOND, kind);
  const gops = samples.chunkOffsets.length;
  const ends = Array.from(samples.chunkOffsets.slice(1), (offset) => offset - MOOF_BYTES);
  const last = (samples.chunkOffsets[gops - 1] ?? 0) + sumFrom(samples.sizes, (gops - 1) * FRAMES_PER_GOP);
  ends.push(last);
  const leaves = ends.map((end, i) => ({
    length: end - (ends[i - 1] ?? 0),
    sha256: createHash('sha256')
      .update(`${String(kind)}.${String(i)}`)
      .digest(),
  }));
  const object = { bucket: '', key: '', etag: '', sha256: '', leaves, tracks: [videoTrack(samples)] };
  return { packed: packObject({ ...object, sizeBytes: last }), sizeBytes: last };
}

function copyOf({ leaves, tracks }: PackedObject): PackedObject {
  return {
    leaves: leaves.slice(),
    tracks: tracks.map(({ summary, bytes }) => ({ summary, bytes: bytes.slice() })),
  };
}

/** One chunk a GOP, each behind a `moof`. Sizes vary by a third, as those of a camera do. */
function sampleTable(count: number, seed: number): SampleTable {
  const mean = (BYTES_PER_SECOND * GOP_SECONDS) / (FRAMES_PER_GOP - 1 + SYNC_WEIGHT);
  const isSync = (i: number) => i % FRAMES_PER_GOP === 0;
  let state = seed + 1;
  const sizes = Uint32Array.from({ length: count }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.round(mean * (isSync(i) ? SYNC_WEIGHT : 1) * (0.83 + state / 2_147_483_648 / 3));
  });
  const chunks = Math.ceil(count / FRAMES_PER_GOP);
  let offset = HEADER_BYTES;
  const chunkOffsets = Float64Array.from({ length: chunks }, (_, chunk) => {
    const at = offset + MOOF_BYTES;
    offset = at + sumFrom(sizes.subarray(0, (chunk + 1) * FRAMES_PER_GOP), chunk * FRAMES_PER_GOP);
    return at;
  });
  return {
    count,
    sizes,
    durations: new Uint32Array(count).fill(TIMESCALE / FRAMES_PER_SECOND),
    compositionOffsets: new Int32Array(count),
    syncs: Uint8Array.from({ length: count }, (_, i) => (isSync(i) ? 1 : 0)),
    chunkOffsets,
    chunkSampleCounts: Uint32Array.from({ length: chunks }, (_, chunk) =>
      Math.min(FRAMES_PER_GOP, count - chunk * FRAMES_PER_GOP),
    ),
  };
}

const sumFrom = (sizes: Uint32Array, first: number): number =>
  sizes.subarray(first).reduce((sum, size) => sum + size, 0);

function videoTrack(samples: SampleTable): TrackIndex {
  const sampleEntry = Buffer.alloc(160);
  sampleEntry.writeUInt32BE(sampleEntry.length);
  sampleEntry.write('avc1', 4, 'latin1');
  return {
    kind: 'video',
    timescale: TIMESCALE,
    sampleEntry,
    codec: 'avc1.64001f',
    width: 1920,
    height: 1080,
    matrix: UNITY,
    language: 'und',
    decodeStart: ticks(0),
    samples,
  };
}
