import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import { copyPictureArguments, pictureArguments } from './picture-arguments';
import type { FrameGrid } from './picture-times';

const window = { from: 90_000, to: 270_000, timescale: 90_000 };

function argumentsOf(settings: Partial<VideoSettings> = {}, grid?: FrameGrid): string[] {
  return pictureArguments({
    settings: { kind: 'h264', ...settings },
    window,
    times: { timescale: 90_000, videoTimescale: grid === undefined ? 90_000 : 30_000, ...(grid && { grid }) },
    framesPerSecond: 25,
    threads: 1,
  });
}

/** What follows the option, or undefined when it is not there. */
function valueOf(args: readonly string[], option: string): string | undefined {
  return args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
}

const graphOf = (settings: Partial<VideoSettings>, grid?: FrameGrid) =>
  valueOf(argumentsOf(settings, grid), '-filter_complex');

describe('pictureArguments', () => {
  it('writes the whole command', () => {
    expect(argumentsOf().join(' ')).toMatchInlineSnapshot(
      `"-copyts -ignore_editlist 1 -threads 1 -protocol_whitelist pipe -f mov -i pipe:0 -filter_complex [0:v:0]bwdif=mode=send_frame:deint=interlaced,settb=1/90000,trim=start_pts=90000:end_pts=270000,setpts=PTS-90000,scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p[v] -filter_complex_threads 1 -map [v] -c:v libx264 -profile:v high -threads:v 1 -x264-params fps=25000/1000 -preset veryfast -crf 23 -pix_fmt yuv420p -forced-idr 1 -force_key_frames expr:gte(t,n_forced*2) -fps_mode passthrough -enc_time_base 1:90000 -video_track_timescale 90000 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +frag_keyframe+delay_moov+default_base_moof -movie_timescale 90000 -f mp4 pipe:1"`,
    );
  });

  it('lets ffmpeg read a pipe and nothing else', () => {
    for (const args of [argumentsOf(), copyPictureArguments(90_000)]) {
      const beforeInput = args.slice(0, args.indexOf('-i'));
      expect(valueOf(beforeInput, '-protocol_whitelist')).toBe('pipe');
      expect(args.filter((arg) => /^(file|https?|concat|pipe):/.test(arg))).toEqual(['pipe:0', 'pipe:1']);
    }
  });

  it('makes of a maximum bitrate a ceiling above a constant quality', () => {
    const args = argumentsOf({ maxBitrateKbps: 3500, quality: 21 });
    expect(['-crf', '-maxrate', '-bufsize', '-b:v'].map((option) => valueOf(args, option))).toEqual([
      '21',
      '3500k',
      '7000k',
      undefined,
    ]);
  });

  it('keeps the ticks of the source unless a frame rate is asked for', () => {
    const kept = argumentsOf();
    expect(valueOf(kept, '-enc_time_base')).toBe('1:90000');
    expect(valueOf(kept, '-video_track_timescale')).toBe('90000');
    const grid = { rate: { numerator: 30_000, denominator: 1001 }, startTicks: 12, frameCount: 60 };
    expect(argumentsOf({}, grid)).not.toContain('-enc_time_base');
    expect(graphOf({}, grid)).toContain(
      'setpts=PTS-12,fps=fps=30000/1001:round=up:start_time=0,tpad=stop=-1:stop_mode=clone,trim=end_frame=60',
    );
    expect(valueOf(argumentsOf({}, grid), '-x264-params')).toBe('fps=30000/1001');
  });

  it.each<[string, ScaleSettings, string]>([
    [
      'pads to both sides, centred',
      { mode: 'Pad', width: 1280, height: 720 },
      'scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=1280:720:(ow-iw)/2:(oh-ih)/2',
    ],
    ['stretches', { mode: 'Stretch', width: 1280, height: 720 }, 'scale=1280:720,setsar=1'],
    ['follows the height', { mode: 'PreserveAspectRatio', height: 540 }, 'scale=-2:540,setsar=1'],
    ['follows the width', { mode: 'PreserveAspectRatio', width: 960 }, 'scale=960:-2,setsar=1'],
    [
      'fits the tighter of two',
      { mode: 'PreserveAspectRatio', width: 960, height: 540 },
      'scale=960:540:force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1,format',
    ],
    ['takes odd sizes down to even ones', { mode: 'Stretch', width: 641, height: 1 }, 'scale=640:2,setsar=1'],
  ])('%s', (_what, scale, chain) => {
    expect(graphOf({ scale })).toContain(chain);
  });

  it('encodes H.265 in closed GOPs', () => {
    const args = argumentsOf({ kind: 'h265', speed: 'fast' });
    expect(valueOf(args, '-c:v')).toBe('libx265');
    expect(valueOf(args, '-x265-params')).toContain('open-gop=0');
    expect(valueOf(args, '-preset')).toBe('fast');
  });
});
