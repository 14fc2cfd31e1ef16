import type { AudioSettings, EncoderSettings, VideoSettings } from '@clipmesh/pipeline';
import { argumentList } from './argument-list';
import { audioFilter, OUTPUT_SAMPLE_RATE } from './audio-filter';
import { movieTimescale } from './movie-timescale';
import type { TickWindow } from './tick-window';
import { videoFilter } from './video-filter';

/** What is kept of each track of the input; absent: the input has no such track, or it is dropped. */
export interface EncodeWindow {
  readonly video?: TickWindow;
  readonly audio?: TickWindow;
}

export interface EncodeRequest {
  readonly settings: EncoderSettings;
  readonly window: EncodeWindow;
  /** Threads of the video encoder. The bytes depend on their number, so it is fixed for all parts of a job. */
  readonly threads: number;
}

/**
 * Samples of silence that ffmpeg's AAC encoder puts before the sound (ffmpeg 5.1, and every encoder with AAC-LC's usual
 * delay): the first encoded frame is not to be heard, and sample `n` of the sound is sample `n + 1024` of the track.
 */
export const AAC_PRIMING_SAMPLES = 1024;

const DEFAULT_SPEED = 'veryfast';
const DEFAULT_QUALITY = { h264: 23, h265: 28 } as const;
const DEFAULT_AUDIO_KBPS = 128;
const KEYFRAME_SECONDS = 2;

/** What a track adds to the command. */
interface TrackArguments {
  readonly filters: readonly string[];
  readonly output: readonly string[];
}

const NOTHING: TrackArguments = { filters: [], output: [] };

/**
 * Arguments that turn an MP4 on standard input into a fragmented MP4 on standard output which holds exactly the video
 * frames with presentation time in the window, and the sound of the window.
 *
 * Time 0 of the output is the start of the window in every track, edit list applied: a frame that was shown 7 ticks
 * into the window is shown at 7. Without a frame rate, times keep the source's timescale and are exact to the tick.
 * Encoded sound begins at the window's start whatever the source has there (silence fills), after
 * {@link AAC_PRIMING_SAMPLES}. The input's own edit list is ignored: the window is given in the file's ticks. Tracks
 * that are copied are copied whole, with times before 0 where they begin earlier; who cuts them does so in the input.
 */
export function encodeArguments({ settings, window, threads }: EncodeRequest): string[] {
  const video = window.video === undefined ? NOTHING : videoTrack(settings.video, window.video, threads);
  const audio = window.audio === undefined ? NOTHING : audioTrack(settings.audio, window.audio);
  const filters = [...video.filters, ...audio.filters];
  return argumentList({
    input: [
      ...['-copyts', '-ignore_editlist', '1', '-threads', String(threads)],
      ...['-protocol_whitelist', 'pipe', '-f', 'mov'],
    ],
    filters,
    output: [
      ...(filters.length === 0 ? [] : ['-filter_complex_threads', String(threads)]),
      ...video.output,
      ...audio.output,
      ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
      // Not `empty_moov`: it puts the first packet of every track at 0, and sound parts from picture. With the moov
      // delayed an edit list tells where each track begins; in the movie's timescale, hence one that holds both.
      ...['-movflags', '+frag_keyframe+delay_moov+default_base_moof'],
      ...['-movie_timescale', String(movieTimescale(timescalesOf(settings, window)))],
      ...['-f', 'mp4'],
    ],
  });
}

function timescalesOf(settings: EncoderSettings, { video, audio }: EncodeWindow): number[] {
  const audioTimescale = settings.audio === 'copy' ? audio?.timescale : OUTPUT_SAMPLE_RATE;
  return [video?.timescale, audioTimescale].filter((timescale) => timescale !== undefined);
}

function videoTrack(settings: VideoSettings | 'copy', window: TickWindow, threads: number): TrackArguments {
  if (settings === 'copy') {
    return copiedTrack('v', window);
  }
  return {
    filters: [`[0:v:0]${videoFilter(settings, window)}[v]`],
    output: ['-map', '[v]', ...videoCodec(settings, threads), ...videoTimes(settings, window)],
  };
}

function videoCodec(settings: VideoSettings, threads: number): string[] {
  const { kind, maxBitrateKbps, quality = DEFAULT_QUALITY[kind], speed = DEFAULT_SPEED } = settings;
  // A ceiling, as the contract has it: constant quality, capped.
  const ceiling =
    maxBitrateKbps === undefined
      ? []
      : ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${2 * maxBitrateKbps}k`];
  return [
    ...(kind === 'h264'
      ? ['-c:v', 'libx264', '-profile:v', 'high', '-threads:v', String(threads)]
      : ['-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params', x265Parameters(threads)]),
    ...['-preset', speed, '-crf', String(quality), ...ceiling, '-pix_fmt', 'yuv420p'],
    // Every forced frame starts a closed GOP: parts join there, and players seek there.
    ...['-forced-idr', '1', '-force_key_frames', `expr:gte(t,n_forced*${KEYFRAME_SECONDS})`],
  ];
}

function x265Parameters(threads: number): string {
  return `log-level=error:open-gop=0:pools=${threads}:frame-threads=1`;
}

/** Without a rate the source's own times are kept, tick for tick. */
function videoTimes({ frameRate }: VideoSettings, { timescale }: TickWindow): string[] {
  const ownTicks = ['-enc_time_base', `1:${timescale}`, '-video_track_timescale', String(timescale)];
  return ['-fps_mode', 'passthrough', ...(frameRate === undefined ? ownTicks : [])];
}

function audioTrack(settings: AudioSettings | 'copy' | 'none', window: TickWindow): TrackArguments {
  if (settings === 'none') {
    return NOTHING;
  }
  if (settings === 'copy') {
    return copiedTrack('a', window);
  }
  const kbps = settings.bitrateKbps ?? DEFAULT_AUDIO_KBPS;
  return {
    filters: [`[0:a:0]${audioFilter(window)}[a]`],
    output: ['-map', '[a]', '-c:a', 'aac', '-ar', String(OUTPUT_SAMPLE_RATE), '-ac', '2', '-b:a', `${kbps}k`],
  };
}

/** The packets as they are, counted from the window's start like the encoded ones. */
function copiedTrack(kind: 'v' | 'a', { from, timescale }: TickWindow): TrackArguments {
  const times = `setts=pts=PTS-${from}:dts=DTS-${from}`;
  const ownTicks = kind === 'v' ? ['-video_track_timescale', String(timescale)] : [];
  return {
    filters: [],
    output: ['-map', `0:${kind}:0`, `-c:${kind}`, 'copy', `-bsf:${kind}`, times, ...ownTicks],
  };
}
