import type { Readable } from 'node:stream';
import { ExportError } from '@clipmesh/errors';
import { blameMedia } from './run/blame-media';
import { runFfmpeg } from './run/run-ffmpeg';

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Decodes an MP4 to nothing, sound included, and returns how many frames its first track has: video, if there is any. */
export async function checkDecodes(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): Promise<number> {
  const args = [
    ...['-xerror', '-err_detect', 'explode', '-protocol_whitelist', 'pipe', '-f', 'mov', '-i', 'pipe:0'],
    // One line a frame, to be counted.
    ...['-map', '0', '-fps_mode', 'passthrough', '-f', 'framecrc', 'pipe:1'],
  ];
  const frames = await runFfmpeg({ ...options, args, input, consume: countFrames }).catch(
    blameMedia('the media cannot be decoded'),
  );
  if (frames === 0) {
    throw new ExportError('UndecodableMedia', { message: 'no frame of the media can be decoded' });
  }
  return frames;
}

/** Lines of `framecrc` begin with the number of their stream; comments begin with `#`. */
async function countFrames(output: Readable): Promise<number> {
  let count = 0;
  let rest = '';
  for await (const chunk of output) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    count += lines.filter((line) => line.startsWith('0,')).length;
  }
  return count;
}
