import type { VideoSettings } from '@clipmesh/pipeline';
import { argumentList } from './argument-list';
import { feedOptions, fragmentedMp4 } from './common-options';
import { pictureFilter } from './picture-filter';
import type { PictureTimes } from './picture-times';
import type { TickWindow } from './tick-window';

export interface PictureRequest {
  readonly settings: VideoSettings;
  readonly window: TickWindow;
  readonly times: PictureTimes;
  /** About so many has the source. It sets the level that the stream is labelled with, which must be the same in all parts. */
  readonly framesPerSecond: number;
  /** Threads of decoder and encoder. The bytes depend on their number. */
  readonly threads: number;
}

const DEFAULT_SPEED = 'veryfast';
const DEFAULT_QUALITY = { h264: 23, h265: 28 } as const;
const KEYFRAME_SECONDS = 2;

/**
 * Arguments that turn the MP4 of a feed on standard input into a fragmented MP4 on standard output with exactly the pictures
 * whose presentation time lies in the window, and nothing else.
 *
 * Time 0 of the output, edit list applied, is the start of the window: a frame that was shown 7 ticks into the window is shown at
 * 7. With a grid it is the part's first frame of the grid.
 */
export function pictureArguments(request: PictureRequest): string[] {
  const { settings, window, times, threads } = request;
  const { timescale, videoTimescale, grid } = times;
  return argumentList({
    input: feedOptions(threads),
    filters: [`[0:v:0]${pictureFilter(settings, window, times)}[v]`],
    output: [
      ...['-filter_complex_threads', String(threads), '-map', '[v]'],
      ...videoCodec(request),
      ...['-fps_mode', 'passthrough'],
      ...(grid === undefined ? ['-enc_time_base', `1:${timescale}`] : []),
      ...['-video_track_timescale', String(videoTimescale)],
      ...fragmentedMp4(videoTimescale),
    ],
  });
}

function videoCodec({ settings, threads, times, framesPerSecond }: PictureRequest): string[] {
  const { kind, maxBitrateKbps, quality = DEFAULT_QUALITY[kind], speed = DEFAULT_SPEED } = settings;
  // A ceiling, as the contract has it: constant quality, capped. Quality does not depend on what was encoded before, so no seam shows.
  const ceiling =
    maxBitrateKbps === undefined
      ? []
      : ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${2 * maxBitrateKbps}k`];
  const { numerator, denominator } = times.grid?.rate ?? {
    numerator: Math.max(1, Math.round(framesPerSecond * 1000)),
    denominator: 1000,
  };
  const rate = `fps=${numerator}/${denominator}`;
  return [
    ...(kind === 'h264'
      ? ['-c:v', 'libx264', '-profile:v', 'high', '-threads:v', String(threads), '-x264-params', rate]
      : ['-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params', `${rate}:${x265Parameters(threads)}`]),
    ...['-preset', speed, '-crf', String(quality), ...ceiling, '-pix_fmt', 'yuv420p'],
    // Every forced frame starts a closed GOP: players seek there.
    ...['-forced-idr', '1', '-force_key_frames', `expr:gte(t,n_forced*${KEYFRAME_SECONDS})`],
  ];
}

function x265Parameters(threads: number): string {
  return `log-level=error:open-gop=0:pools=${threads}:frame-threads=1`;
}

/** Arguments that copy the pictures of a feed, frame for frame, into a fragmented MP4 without anything else. */
export function copyPictureArguments(timescale: number): string[] {
  return argumentList({
    input: feedOptions(1),
    filters: [],
    output: [
      ...['-map', '0:v:0', '-c:v', 'copy', '-video_track_timescale', String(timescale)],
      ...fragmentedMp4(timescale),
    ],
  });
}
