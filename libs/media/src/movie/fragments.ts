import { openBox } from '../box/box';
import { readMoof } from '../box/moof';
import type { Traf } from '../box/traf';
import type { SampleDefaults, Trex } from '../box/trex';
import type { Trun } from '../box/trun';
import { corruptBox } from '../bytes/box-error';
import { MAX_U32 } from '../bytes/box-writer';
import type { TopLevelBox } from './box-collector';
import type { MediaData } from './media-data';
import { appendFrames } from './pcm-frames';
import type { TrackReading } from './track-reading';

// Bits of sample flags (§8.8.3.1): not a sync sample; sample_depends_on and its value for "not an I picture".
const IS_NON_SYNC = 0x10000;
const DEPENDS_ON = 0x0300_0000;
const DEPENDS_ON_OTHERS = 0x0100_0000;
const NO_DEFAULTS: SampleDefaults = { descriptionIndex: 1, duration: 0, size: 0, flags: 0 };

/** Reads movie fragments (ISO/IEC 14496-12 §8.8) in file order and appends the samples of the chosen tracks. */
export class FragmentReader {
  private readonly chosen: ReadonlyMap<number, TrackReading>;

  constructor(
    chosen: readonly TrackReading[],
    private readonly trexes: ReadonlyMap<number, Trex>,
    private readonly media: MediaData,
  ) {
    this.chosen = new Map(chosen.map((track) => [track.trackId, track]));
  }

  read(moof: TopLevelBox, bytes: Uint8Array): void {
    // Where data of a traf begins that gives no offset: behind the data of the traf before (§8.8.7.1).
    let dataEnd = moof.offset;
    for (const traf of readMoof(openBox(bytes, 'moof'))) {
      const { tfhd } = traf;
      const base = tfhd.baseDataOffset ?? (tfhd.defaultBaseIsMoof ? moof.offset : dataEnd);
      dataEnd = this.readTraf(traf, base);
    }
  }

  private readTraf(traf: Traf, base: number): number {
    const track = this.chosen.get(traf.tfhd.trackId);
    const defaults = this.defaultsFor(traf, track !== undefined);
    let isPlaced = false;
    let end = base;
    for (const trun of traf.truns) {
      const start = trun.dataOffset === undefined ? end : base + trun.dataOffset;
      if (track !== undefined && trun.count > 0) {
        if (!isPlaced) {
          beginTraf(track, traf, defaults);
          isPlaced = true;
        }
        end = start + this.appendRun(track, trun, defaults, start);
      } else {
        end = start + sumOfSizes(trun, defaults);
      }
    }
    return end;
  }

  private defaultsFor({ tfhd }: Traf, isChosen: boolean): SampleDefaults {
    const trex = this.trexes.get(tfhd.trackId);
    if (trex === undefined && isChosen) {
      throw corruptBox('tfhd', `is of track ${tfhd.trackId}, which has no trex box`);
    }
    const { descriptionIndex, duration, size, flags } = trex ?? NO_DEFAULTS;
    return {
      descriptionIndex: tfhd.descriptionIndex ?? descriptionIndex,
      duration: tfhd.duration ?? duration,
      size: tfhd.size ?? size,
      flags: tfhd.flags ?? flags,
    };
  }

  /** Appends a run's samples and returns their bytes. */
  private appendRun(track: TrackReading, trun: Trun, defaults: SampleDefaults, start: number): number {
    const { table } = track;
    if (tellsOfFrames(track, trun, defaults)) {
      const run = { offset: start, count: trun.count, frameBytes: defaults.size };
      appendFrames(run, track.trak.mdhd.timescale, this.media, table, 'trun');
      track.elapsed += trun.count;
      return trun.count * defaults.size;
    }
    const first = table.append(trun.count, 'trun');
    const end = first + trun.count;
    fillColumn(table.sizes, trun.sizes, defaults.size, first, end);
    fillColumn(table.durations, trun.durations, defaults.duration, first, end);
    if (trun.compositionOffsets !== undefined) {
      table.compositionOffsets.set(trun.compositionOffsets, first);
    }
    fillSyncs(table.syncs, trun, defaults, first);
    let length = 0;
    let elapsed = 0;
    for (let i = first; i < end; i++) {
      length += table.sizes[i] ?? 0;
      elapsed += table.durations[i] ?? 0;
    }
    this.media.expectHolds(start, length, 'trun');
    table.addChunk(start, trun.count, length);
    track.elapsed += elapsed;
    return length;
  }
}

/** Sets the traf's first sample in time: a hole lengthens the sample before, an overlap shortens it. */
function beginTraf(track: TrackReading, traf: Traf, defaults: SampleDefaults): void {
  track.useDescription(defaults.descriptionIndex, 'tfhd');
  const { table } = track;
  if (table.count === 0) {
    track.firstDecode = traf.decodeTime ?? 0n;
    return;
  }
  if (traf.decodeTime === undefined) {
    return;
  }
  const step = Number(traf.decodeTime - track.firstDecode - BigInt(track.elapsed));
  const last = table.count - 1;
  const duration = (table.durations[last] ?? 0) + step;
  if (duration < 0 || duration > MAX_U32) {
    throw corruptBox(
      'tfdt',
      `of ${traf.decodeTime.toString()} is ${step} ticks from where the track had come`,
    );
  }
  table.durations[last] = duration;
  track.elapsed += step;
}

function fillColumn(
  column: Uint32Array,
  values: Uint32Array | undefined,
  byDefault: number,
  first: number,
  end: number,
): void {
  if (values === undefined) {
    column.fill(byDefault, first, end);
  } else {
    column.set(values, first);
  }
}

/** Uncompressed sound with a sample for each frame: see `appendFrames`. */
function tellsOfFrames(track: TrackReading, trun: Trun, defaults: SampleDefaults): boolean {
  return (
    track.kind === 'audio' &&
    defaults.duration === 1 &&
    defaults.size > 0 &&
    trun.durations === undefined &&
    trun.sizes === undefined &&
    trun.compositionOffsets === undefined
  );
}

function fillSyncs(syncs: Uint8Array, trun: Trun, defaults: SampleDefaults, first: number): void {
  for (let i = 0; i < trun.count; i++) {
    const flags = trun.flags === undefined ? defaults.flags : (trun.flags[i] ?? 0);
    syncs[first + i] = isSync(flags);
  }
  if (trun.firstSampleFlags !== undefined) {
    syncs[first] = isSync(trun.firstSampleFlags);
  }
}

/** Some recorders leave the non-sync bit clear and say only that the picture needs others. */
function isSync(flags: number): 0 | 1 {
  return flags & IS_NON_SYNC || (flags & DEPENDS_ON) === DEPENDS_ON_OTHERS ? 0 : 1;
}

function sumOfSizes(trun: Trun, defaults: SampleDefaults): number {
  return trun.sizes === undefined
    ? trun.count * defaults.size
    : trun.sizes.reduce((sum, size) => sum + size, 0);
}
