import { createInterface } from 'node:readline';
import { ExportError } from '@clipmesh/pipeline';
import { runFfmpeg } from './run/run-ffmpeg';

export interface DecodeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Decodes an MP4 to nothing and returns how many video frames came out. */
export async function checkDecodes(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): Promise<number> {
  const args = [
    ...['-xerror', '-err_detect', 'explode', '-protocol_whitelist', 'pipe', '-f', 'mov', '-i', 'pipe:0'],
    // One line a frame, to be counted.
    ...['-map', '0', '-f', 'framecrc', 'pipe:1'],
  ];
  const frames = await runFfmpeg({
    ...options,
    args,
    input,
    consume: async (output) => {
      let count = 0;
      for await (const line of createInterface({ input: output })) {
        count += line.startsWith('0,') ? 1 : 0;
      }
      return count;
    },
  });
  if (frames === 0) {
    throw new ExportError('UndecodableMedia', { message: 'no frame of the media can be decoded' });
  }
  return frames;
}
