import { join } from 'node:path';
import { wallTime, type WallTime } from '@clipmesh/media';
import type { Announcer } from './announcer';
import type { RecorderArguments } from './arguments';
import { measureVideo, readMediaFile } from './media-file';
import { SegmentCutter } from './segment-cutter';
import type { Spool } from './spool';

export interface Recorded {
  readonly start: WallTime;
  readonly end: WallTime;
  readonly segments: number;
}

export const spoolFolder = (spool: string, video: string): string => join(spool, video);

/** Records a file as often as asked; resolves when it is all in the spool. The announcer works meanwhile. */
export async function recordFile(
  input: string,
  options: RecorderArguments,
  spool: Spool,
  announcer: Announcer,
  signal: AbortSignal,
): Promise<Recorded> {
  const file = { path: input, realtime: options.realtime, signal };
  const start = options.start ?? wallTime(Date.now() - (await lengthMs(options, () => measureVideo(file))));
  const cutter = new SegmentCutter(spool, {
    video: options.video,
    start,
    segmentSeconds: options.segmentSeconds,
  });
  for (let pass = 0; pass < options.repeat; pass++) {
    await readMediaFile(file, async (fragments) => {
      for await (const segment of cutter.cut(fragments)) {
        announcer.add(segment);
      }
    });
  }
  return { start, end: cutter.end, segments: cutter.segments };
}

/** How long ago a recording has begun that ends now; one that goes on at the speed of the camera begins now. */
async function lengthMs(options: RecorderArguments, measure: () => Promise<number>): Promise<number> {
  return options.realtime ? 0 : options.repeat * (await measure());
}
