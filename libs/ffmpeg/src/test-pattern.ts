import { finished } from 'node:stream/promises';
import { runFfmpeg } from './run/run-ffmpeg';

export interface TestPattern {
  /** Where the MP4 goes; it is replaced. */
  readonly path: string;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

const SIZE = '1280x720';
const FRAME_RATE = 25;
const GOP_FRAMES = 2 * FRAME_RATE;
const VIDEO_KBPS = 3000;

/** Makes footage to try things with: a moving picture with a running clock, and sound, at a camera's bitrate. */
export async function makeTestPattern({ path, seconds, signal }: TestPattern): Promise<void> {
  const args = [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${SIZE}:rate=${String(FRAME_RATE)}:duration=${String(seconds)}`],
    ...[
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=330:beep_factor=3:sample_rate=48000:duration=${String(seconds)}`,
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', String(GOP_FRAMES)],
    ...['-sc_threshold', '0', '-b:v', `${String(VIDEO_KBPS)}k`, '-maxrate', `${String(VIDEO_KBPS)}k`],
    ...['-bufsize', `${String(VIDEO_KBPS)}k`, '-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-f', 'mp4', path],
  ];
  await runFfmpeg({
    args,
    signal,
    consume: async (output) => {
      await finished(output.resume());
    },
  });
}
