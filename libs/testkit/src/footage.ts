import { barCodeFilters } from './bar-code';
import { mediaTool } from './media-tool';

export interface FootageOptions {
  /** Where the file goes. */
  readonly path: string;
  readonly seconds: number;
  /** Frames a second; 25. */
  readonly fps?: number;
  /** `<width>x<height>`; small, because most tests look at times and not at pictures. */
  readonly size?: string;
  /** A sync sample this often; every second. */
  readonly gopSeconds?: number;
  /** Consecutive B-frames; none. */
  readonly bFrames?: number;
  /** Sound: AAC at 48 kHz, stereo; none. */
  readonly audio?: boolean;
  readonly codec?: 'h264' | 'h265';
  /** Constant quality when absent. */
  readonly videoKbps?: number;
  /** Progressive with the moov last, as ffmpeg writes it by default, or one fragment per GOP. */
  readonly layout?: 'progressive' | 'fragmented';
  /** Every frame carries its number as a bar code, counted from this one on; no bar code when absent. */
  readonly firstNumber?: number;
}

/** Makes footage whose every picture differs: moving shapes with the time and the number of the frame burnt in. */
export async function makeFootage(options: FootageOptions): Promise<string> {
  const { path, seconds, fps = 25, size = '320x240', audio = false, layout = 'progressive' } = options;
  const sound = [
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=440:beep_factor=4:sample_rate=48000:duration=${seconds}`,
  ];
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-bitexact'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`],
    ...(audio ? sound : []),
    ...(options.firstNumber === undefined ? [] : ['-vf', barCodeFilters(options.firstNumber)]),
    ...videoArguments(options, fps),
    ...(audio ? ['-c:a', 'aac', '-b:a', '128k', '-ac', '2'] : []),
    ...(layout === 'fragmented' ? ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'] : []),
    ...['-f', 'mp4', path],
  ]);
  return path;
}

function videoArguments(options: FootageOptions, fps: number): string[] {
  const { codec = 'h264', gopSeconds = 1, bFrames = 0, videoKbps } = options;
  const gop = Math.round(gopSeconds * fps);
  const rate =
    videoKbps === undefined
      ? ['-crf', '28']
      : [
          '-b:v',
          `${videoKbps}k`,
          '-minrate',
          `${videoKbps}k`,
          '-maxrate',
          `${videoKbps}k`,
          '-bufsize',
          `${videoKbps}k`,
        ];
  const common = ['-pix_fmt', 'yuv420p', '-preset', 'ultrafast', ...rate];
  if (codec === 'h265') {
    const x265 = `keyint=${gop}:min-keyint=${gop}:scenecut=0:open-gop=0:bframes=${bFrames}:log-level=error`;
    return ['-c:v', 'libx265', '-tag:v', 'hvc1', ...common, '-x265-params', x265];
  }
  const filler = videoKbps === undefined ? [] : ['-x264-params', 'nal-hrd=cbr'];
  const frames = [
    '-g',
    String(gop),
    '-keyint_min',
    String(gop),
    '-sc_threshold',
    '0',
    '-bf',
    String(bFrames),
  ];
  return ['-c:v', 'libx264', ...common, ...frames, ...filler];
}
