import type { EncoderSettings, ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import { encodeArguments, type EncodeWindow } from './encode-arguments';

const h264 = (more: Partial<VideoSettings> = {}): VideoSettings => ({ kind: 'h264', ...more });
const window: EncodeWindow = {
  video: { from: 90_000, to: 270_000, timescale: 90_000 },
  audio: { from: 44_100, to: 132_300, timescale: 44_100 },
};

function argumentsOf(settings: Partial<EncoderSettings>, tracks: EncodeWindow = window): string[] {
  return encodeArguments({
    settings: { format: 1, video: h264(), audio: { kind: 'aac' }, ...settings },
    window: tracks,
    threads: 2,
  });
}

/** What follows the option, or undefined when it is not there. */
function valueOf(args: readonly string[], option: string): string | undefined {
  return args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
}

const graphOf = (settings: Partial<EncoderSettings>) => valueOf(argumentsOf(settings), '-filter_complex');
const pictureOf = (video: Partial<VideoSettings>) => graphOf({ video: h264(video), audio: 'none' });

describe('encodeArguments', () => {
  it('writes the whole command', () => {
    expect(argumentsOf({}).join(' ')).toMatchInlineSnapshot(
      `"-copyts -ignore_editlist 1 -threads 2 -protocol_whitelist pipe -f mov -i pipe:0 -filter_complex [0:v:0]trim=start_pts=90000:end_pts=270000,setpts=PTS-90000,scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p[v];[0:a:0]aresample=48000,atrim=start_pts=48000:end_pts=144000,asetpts=PTS-48000,aresample=async=1:first_pts=0,aformat=channel_layouts=stereo[a] -filter_complex_threads 2 -map [v] -c:v libx264 -profile:v high -threads:v 2 -preset veryfast -crf 23 -pix_fmt yuv420p -forced-idr 1 -force_key_frames expr:gte(t,n_forced*2) -fps_mode passthrough -enc_time_base 1:90000 -video_track_timescale 90000 -map [a] -c:a aac -ar 48000 -ac 2 -b:a 128k -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +frag_keyframe+delay_moov+default_base_moof -movie_timescale 720000 -f mp4 pipe:1"`,
    );
  });

  it('lets ffmpeg read a pipe and nothing else', () => {
    const args = argumentsOf({});
    const beforeInput = args.slice(0, args.indexOf('-i'));
    expect(valueOf(beforeInput, '-protocol_whitelist')).toBe('pipe');
    expect(args.filter((arg) => /^(file|https?|concat|pipe):/.test(arg))).toEqual(['pipe:0', 'pipe:1']);
  });

  it('makes of a maximum bitrate a ceiling above a constant quality', () => {
    const args = argumentsOf({ video: h264({ maxBitrateKbps: 3500, quality: 21 }) });
    expect(['-crf', '-maxrate', '-bufsize', '-b:v'].map((option) => valueOf(args, option))).toEqual([
      '21',
      '3500k',
      '7000k',
      undefined,
    ]);
  });

  it('keeps the ticks of the source unless a frame rate is asked for', () => {
    const kept = argumentsOf({});
    expect(valueOf(kept, '-enc_time_base')).toBe('1:90000');
    expect(valueOf(kept, '-video_track_timescale')).toBe('90000');
    const grid = argumentsOf({ video: h264({ frameRate: 29.97 }) });
    expect(grid).not.toContain('-enc_time_base');
    expect(valueOf(grid, '-filter_complex')).toContain('fps=fps=30000/1001:start_time=0');
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
    expect(pictureOf({ scale })).toContain(chain);
  });

  it('cuts sound in samples of the output, whatever the ticks of the track', () => {
    expect(graphOf({ video: 'copy' })).toContain('atrim=start_pts=48000:end_pts=144000,asetpts=PTS-48000');
  });

  it('copies a track on the same clock as the encoded one', () => {
    const args = argumentsOf({ audio: 'copy' });
    expect(valueOf(args, '-c:a')).toBe('copy');
    expect(valueOf(args, '-bsf:a')).toBe('setts=pts=PTS-44100:dts=DTS-44100');
    expect(valueOf(args, '-movie_timescale')).toBe('4410000');
  });

  it.each<[string, Partial<EncoderSettings>, EncodeWindow]>([
    ['the input has none', {}, { video: window.video! }],
    ['none is asked for', { audio: 'none' }, window],
  ])('makes no sound when %s', (_what, settings, tracks) => {
    const args = argumentsOf(settings, tracks);
    expect(args).not.toContain('-c:a');
    expect(args.filter((arg) => arg === '-map')).toHaveLength(1);
  });

  it('encodes H.265 in closed GOPs', () => {
    const args = argumentsOf({ video: { kind: 'h265', speed: 'fast' } });
    expect(valueOf(args, '-c:v')).toBe('libx265');
    expect(valueOf(args, '-x265-params')).toContain('open-gop=0');
    expect(valueOf(args, '-preset')).toBe('fast');
  });
});
