import { resolve } from 'node:path';
import { runFfmpeg } from '@clipmesh/ffmpeg';
import { readTopLevelBoxes } from './box-stream';
import { readFragments, type Fragment } from './fragments';

export interface MediaFileOptions {
  readonly path: string;
  /** Read at the speed of the camera. */
  readonly realtime: boolean;
  readonly signal: AbortSignal;
}

/** A camera never ends either. */
const TIMEOUT_MS = 24 * 24 * 3600_000;

/** Has ffmpeg copy a file's first video and sound into fragments, one for each GOP, untouched but for the container. */
export function readMediaFile<T>(
  options: MediaFileOptions,
  take: (fragments: AsyncIterable<Fragment>) => Promise<T>,
): Promise<T> {
  return runFfmpeg({
    args: fragmentArguments(options),
    consume: (output) => take(readFragments(readTopLevelBoxes(output))),
    signal: options.signal,
    timeoutMs: TIMEOUT_MS,
  });
}

/**
 * `delay_moov`: the edit lists are then right, so that sound and picture keep their distance; with `empty_moov` ffmpeg
 * puts the first audio packet at 0 wherever it belongs (ffmpeg 5.1: 59 ms early).
 */
function fragmentArguments({ path, realtime }: MediaFileOptions): string[] {
  return [
    ...(realtime ? ['-re'] : []),
    ...['-i', `file:${resolve(path)}`, '-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy'],
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
    ...['-movflags', 'frag_keyframe+delay_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
}

/** How long the video of a file lasts, by going through it once; nothing is kept. */
export async function measureVideo(options: MediaFileOptions): Promise<number> {
  return readMediaFile({ ...options, realtime: false }, async (fragments) => {
    let ticks = 0;
    let timescale = 1;
    for await (const fragment of fragments) {
      ticks += fragment.videoTicks;
      timescale = fragment.timescale;
    }
    return Math.ceil((ticks * 1000) / timescale);
  });
}
