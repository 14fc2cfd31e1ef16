import { ExportError } from '@clipmesh/errors';
import type { SoundPacking } from '../box/sample-entry';
import type { Stbl } from '../box/stbl';
import { corruptBox } from '../bytes/box-error';
import { MAX_U32 } from '../bytes/box-writer';
import { eachChunk } from './expand-stbl';
import type { MediaData } from './media-data';
import type { SampleTableBuilder } from './sample-table-builder';

/**
 * Uncompressed and G.711 sound in a progressive file has a sample for each frame, which is one value of each channel:
 * millions in a segment. Frames that lie together are taken as samples of up to 20 ms here, as recorders of
 * fragmented files do by themselves: every reader decodes samples of such sound whatever their length, and
 * nothing downstream has to know of it. No memory is used for a frame, so an hour at 48 kHz costs what an hour of AAC does.
 */
const SAMPLES_PER_SECOND = 50;

/** Frames of one size, each of one tick. */
export interface FrameRun {
  readonly offset: number;
  readonly count: number;
  readonly frameBytes: number;
}

/** Whether the tables tell of frames: one size for all, one tick each. */
export function tellsOfFrames(stbl: Stbl): boolean {
  if (!('constantSize' in stbl.sizes) || stbl.sizes.count === 0 || stbl.ctts !== undefined) {
    return false;
  }
  for (let i = 1; i < stbl.stts.length; i += 2) {
    if (stbl.stts[i] !== 1) {
      return false;
    }
  }
  return true;
}

/** As `expandStbl`, for tables that tell of frames. */
export function expandFrames(
  stbl: Stbl,
  packing: SoundPacking | undefined,
  timescale: number,
  media: MediaData,
  into: SampleTableBuilder,
): number {
  expectTimes(stbl);
  const frameBytes = frameBytesOf(stbl, packing);
  return eachChunk(stbl, (offset, count) => {
    appendFrames({ offset, count, frameBytes }, timescale, media, into, 'stco');
  });
}

/** Appends frames that lie together as samples of up to 20 ms. `box` tells of them, for refusals. */
export function appendFrames(
  run: FrameRun,
  timescale: number,
  media: MediaData,
  into: SampleTableBuilder,
  box: string,
): void {
  const { offset, count, frameBytes } = run;
  media.expectHolds(offset, count * frameBytes, box);
  const perSample = Math.min(
    Math.max(1, Math.round(timescale / SAMPLES_PER_SECOND)),
    Math.floor(MAX_U32 / frameBytes),
  );
  const samples = Math.ceil(count / perSample);
  const first = into.append(samples, box);
  const end = first + samples;
  into.sizes.fill(perSample * frameBytes, first, end);
  into.durations.fill(perSample, first, end);
  into.syncs.fill(1, first, end);
  const framesOfLast = count - (samples - 1) * perSample;
  into.sizes[end - 1] = framesOfLast * frameBytes;
  into.durations[end - 1] = framesOfLast;
  into.addChunk(offset, samples, count * frameBytes);
}

function expectTimes(stbl: Stbl): void {
  let frames = 0;
  for (let i = 0; i < stbl.stts.length; i += 2) {
    frames += stbl.stts[i] ?? 0;
  }
  if (frames !== stbl.sizes.count) {
    throw corruptBox('stts', `tells of ${frames} samples, stsz of ${stbl.sizes.count}`);
  }
}

/** QuickTime may say 1 in stsz, whatever a frame's size is: the sample entry knows. */
function frameBytesOf(stbl: Stbl, packing: SoundPacking | undefined): number {
  const told = 'constantSize' in stbl.sizes ? stbl.sizes.constantSize : 0;
  if (packing === undefined || told > 1) {
    return told;
  }
  if (packing.framesPerPacket > 1) {
    throw new ExportError('CodecUnsupported', {
      message: 'the stsz box tells of frames where the codec of the stsd box makes packets of several',
      hint: 'Record sound whose samples have a size each.',
      details: { box: 'stsz', framesPerPacket: packing.framesPerPacket },
    });
  }
  return packing.frameBytes || told;
}
