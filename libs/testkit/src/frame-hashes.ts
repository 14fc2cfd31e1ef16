import { mediaTool } from './media-tool';

/** A decoded frame; `pts` in units of the stream's time base. */
export interface HashedFrame {
  readonly pts: number;
  /** MD5 of the decoded picture or samples: equal exactly when they are. */
  readonly hash: string;
}

export interface FrameHashOptions {
  /** `v:0`, `a:0` */
  readonly stream?: string;
  /** All samples of the file, as if there were no edit list. */
  readonly ignoreEditList?: boolean;
}

/** Decodes a whole stream as a player shows it, and hashes every frame; rejects when the decoder finds anything wrong. */
export async function frameHashes(
  path: string,
  options: FrameHashOptions = {},
): Promise<readonly HashedFrame[]> {
  const { stream = 'v:0', ignoreEditList = false } = options;
  const { stdout } = await mediaTool('ffmpeg', [
    ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-copyts'],
    ...(ignoreEditList ? ['-ignore_editlist', '1'] : []),
    ...['-i', path, '-map', `0:${stream}`, '-fps_mode', 'passthrough', '-f', 'framemd5', '-'],
  ]);
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      // stream, dts, pts, duration, size, hash
      const fields = line.split(',').map((field) => field.trim());
      return { pts: Number(fields[2]), hash: fields[5]! };
    });
}
