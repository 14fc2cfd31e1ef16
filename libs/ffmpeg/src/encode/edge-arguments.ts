import { argumentList } from './argument-list';
import { feedOptions, fragmentedMp4 } from './common-options';
import { trimFilters } from './picture-filter';
import type { TickWindow } from './tick-window';

export interface EdgeRequest {
  readonly window: TickWindow;
  /** Number of the parameter sets, sequence and picture: none that the recording uses. */
  readonly setId: number;
  /** About so many has the source. */
  readonly framesPerSecond: number;
  readonly threads: number;
}

/** What is encoded for good beside bits of a camera must not be told from them: a rate factor at which nothing is seen to be lost. */
const QUALITY = 17;

/**
 * Arguments that encode the pictures of a window so that they can stand before and behind those of the recording under its own
 * sample entry: the same size, shape and colours, not turned, with parameter sets of their own in band. One closed GOP without
 * B-frames, so that frames are decoded in the order in which they are shown. Times are as in `pictureArguments`.
 */
export function edgeArguments({ window, setId, framesPerSecond, threads }: EdgeRequest): string[] {
  const { timescale } = window;
  const rate = `fps=${Math.max(1, Math.round(framesPerSecond * 1000))}/1000`;
  const one = String(threads);
  return argumentList({
    input: ['-noautorotate', ...feedOptions(threads)],
    filters: [`[0:v:0]${trimFilters(window).join(',')}[v]`],
    output: [
      ...['-filter_complex_threads', one, '-map', '[v]', '-c:v', 'libx264', '-threads:v', one],
      ...['-preset', 'fast', '-crf', String(QUALITY), '-bf', '0', '-g', '100000'],
      ...['-x264-params', `${rate}:scenecut=0:sps-id=${setId}:repeat-headers=1`],
      ...['-fps_mode', 'passthrough', '-enc_time_base', `1:${timescale}`],
      ...['-video_track_timescale', String(timescale)],
      ...fragmentedMp4(timescale),
    ],
  });
}
