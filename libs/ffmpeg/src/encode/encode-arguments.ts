import type { AudioSettings, EncoderSettings, VideoSettings } from '@clipmesh/pipeline';
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

const DEFAULT_SPEED = 'veryfast';
const DEFAULT_QUALITY = { h264: 23, h265: 28 } as const;
const DEFAULT_AUDIO_KBPS = 128;
const KEYFRAME_SECONDS = 2;

/**
 * Arguments that turn an MP4 on standard input into a fragmented MP4 on standard output which holds exactly the video
 * frames with presentation time in the window, frame 0 first, and the sound of the window.
 *
 * The input's edit list is ignored: the window is given in the file's own ticks. Sound begins at the window's start
 * whatever the source has there (silence fills), after the encoder's priming of 1024 samples. Tracks that are copied
 * are copied whole; who cuts them does so in the input.
 */
export function encodeArguments({ settings, window, threads }: EncodeRequest): string[] {
  const { video, audio } = window;
  const filters: string[] = [];
  const outputs: string[] = [];
  if (video !== undefined) {
    addVideo(settings.video, video, threads, filters, outputs);
  }
  if (audio !== undefined && settings.audio !== 'none') {
    addAudio(settings.audio, audio, filters, outputs);
  }
  return [
    ...['-copyts', '-ignore_editlist', '1', '-protocol_whitelist', 'pipe', '-f', 'mov', '-i', 'pipe:0'],
    ...(filters.length === 0 ? [] : ['-filter_complex', filters.join(';')]),
    ...outputs,
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
}

function addVideo(
  settings: VideoSettings | 'copy',
  window: TickWindow,
  threads: number,
  filters: string[],
  outputs: string[],
): void {
  if (settings === 'copy') {
    outputs.push('-map', '0:v:0', '-c:v', 'copy');
    return;
  }
  filters.push(`[0:v:0]${videoFilter(settings, window)}[v]`);
  outputs.push('-map', '[v]', ...videoEncoder(settings, threads));
}

function videoEncoder(settings: VideoSettings, threads: number): string[] {
  const {
    kind,
    maxBitrateKbps,
    quality = DEFAULT_QUALITY[kind],
    frameRate,
    speed = DEFAULT_SPEED,
  } = settings;
  // A ceiling, as the contract has it: constant quality, capped.
  const ceiling =
    maxBitrateKbps === undefined
      ? []
      : ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${2 * maxBitrateKbps}k`];
  // Without a rate the source's own times are kept, tick for tick.
  const times = frameRate === undefined ? ['-fps_mode', 'passthrough', '-enc_time_base', '-1'] : [];
  return [
    ...(kind === 'h264'
      ? ['-c:v', 'libx264', '-profile:v', 'high']
      : ['-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params', 'log-level=error']),
    ...['-preset', speed, '-crf', String(quality), ...ceiling],
    ...['-pix_fmt', 'yuv420p', '-threads', String(threads), ...times],
    ...['-force_key_frames', `expr:gte(t,n_forced*${KEYFRAME_SECONDS})`],
  ];
}

function addAudio(
  settings: AudioSettings | 'copy',
  { from, to }: TickWindow,
  filters: string[],
  outputs: string[],
): void {
  if (settings === 'copy') {
    outputs.push('-map', '0:a:0', '-c:a', 'copy');
    return;
  }
  const kept = `atrim=start_pts=${from}:end_pts=${to},asetpts=PTS-${from}`;
  // Silence where the source has holes, so that sound stays with the picture.
  filters.push(`[0:a:0]${kept},aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo[a]`);
  const kbps = settings.bitrateKbps ?? DEFAULT_AUDIO_KBPS;
  outputs.push('-map', '[a]', '-c:a', 'aac', '-ar', '48000', '-ac', '2', '-b:a', `${kbps}k`);
}
