import { SEGMENTS, FPS, type Camera } from './camera';

const GOP = FPS / 2;
const x264 = (...more: string[]): string[] => [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(Math.ceil(GOP)), '-sc_threshold', '0', ...more],
];
const x265 = (...more: string[]): string[] => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', ...more],
];
const X265_GOP = `keyint=13:min-keyint=13:scenecut=0:log-level=error`;
const AAC = ['-c:a', 'aac', '-b:a', '96k'];
const FRAGMENTED = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
const movflags = (flags: string): string[] => ['-movflags', flags];

/** H.264 and AAC, in every way in which recorders write segments. */
const CONTAINERS: readonly Camera[] = [
  { name: 'moov-last', video: x264(), audio: AAC },
  { name: 'moov-first', video: x264('-bf', '2'), audio: AAC, mux: movflags('+faststart') },
  { name: 'moof-per-gop', video: x264(), audio: AAC, mux: FRAGMENTED },
  {
    name: 'moof-per-segment',
    video: x264(),
    audio: AAC,
    mux: ['-frag_duration', '60000000', ...movflags('+empty_moov+default_base_moof')],
  },
  {
    name: 'moof-per-frame',
    video: x264(),
    audio: AAC,
    mux: movflags('+frag_every_frame+empty_moov+default_base_moof'),
  },
  {
    name: 'moof-per-track',
    video: x264('-bf', '2'),
    audio: AAC,
    mux: movflags('+frag_keyframe+empty_moov+separate_moof'),
  },
  { name: 'base-offsets', video: x264(), audio: AAC, mux: movflags('+frag_keyframe+empty_moov') },
  {
    name: 'no-base-offsets',
    video: x264(),
    audio: AAC,
    mux: movflags('+frag_keyframe+empty_moov+omit_tfhd_offset'),
  },
  { name: 'cmaf', video: x264('-bf', '2'), mux: movflags('+cmaf+frag_keyframe') },
  { name: 'dash', video: x264('-bf', '2'), audio: AAC, mux: movflags('+dash+frag_keyframe+delay_moov') },
  {
    name: 'late-moov',
    video: x264('-bf', '2'),
    audio: AAC,
    mux: movflags('+frag_keyframe+delay_moov+default_base_moof'),
  },
  {
    name: 'signed-offsets',
    video: x264('-bf', '2'),
    audio: AAC,
    mux: movflags('+negative_cts_offsets+faststart'),
  },
  {
    name: 'signed-offsets-in-moofs',
    video: x264('-bf', '2'),
    mux: movflags('+negative_cts_offsets+frag_keyframe+empty_moov+default_base_moof'),
  },
  {
    name: 'cut-from-a-stream',
    video: x264('-bf', '2'),
    audio: AAC,
    mux: movflags('+frag_keyframe+empty_moov+default_base_moof'),
    continuous: true,
  },
  { name: 'cut-progressive', video: x264(), audio: AAC, continuous: true },
];

const CODECS: readonly Camera[] = [
  { name: 'h264-closed-gops', video: x264('-bf', '3', '-flags', '+cgop'), mux: FRAGMENTED },
  {
    name: 'h264-open-gops',
    opensGops: true,
    video: x264('-bf', '3', '-x264-params', 'open-gop=1:b-pyramid=none'),
    mux: FRAGMENTED,
  },
  {
    name: 'h264-open-gops-cut',
    opensGops: true,
    video: x264('-bf', '3', '-x264-params', 'open-gop=1:b-pyramid=none'),
    mux: FRAGMENTED,
    continuous: true,
  },
  {
    name: 'hvc1',
    video: x265('-x265-params', `${X265_GOP}:open-gop=0:bframes=2`),
    audio: AAC,
    mux: FRAGMENTED,
  },
  {
    name: 'hvc1-open-gops',
    opensGops: true,
    video: x265('-x265-params', `${X265_GOP}:open-gop=1:bframes=2`),
  },
  {
    name: 'hev1',
    video: x265('-tag:v', 'hev1', '-x265-params', `${X265_GOP}:open-gop=0:bframes=0`),
    mux: FRAGMENTED,
  },
  { name: 'av1', video: ['-c:v', 'libsvtav1', '-preset', '12', '-g', '13'], audio: AAC, mux: FRAGMENTED },
  {
    name: 'vp9',
    video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '13'],
    mux: FRAGMENTED,
  },
  { name: 'mjpeg', video: ['-c:v', 'mjpeg', '-q:v', '5', '-huffman', '0'] },
  { name: 'opus', video: x264(), audio: ['-c:a', 'libopus'], mux: FRAGMENTED },
  { name: 'mp3', video: x264(), audio: ['-c:a', 'libmp3lame'] },
  {
    name: 'g711-alaw',
    video: x264(),
    audio: ['-c:a', 'pcm_alaw', '-ar', '8000', '-ac', '1'],
    container: 'mov',
  },
  {
    name: 'g711-ulaw',
    video: x264('-bf', '2'),
    audio: ['-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1'],
    container: 'mov',
  },
  { name: 'lpcm', video: x264(), audio: ['-c:a', 'pcm_s16le', '-ac', '2'], container: 'mov' },
  {
    name: 'lpcm-in-moofs',
    video: x264(),
    audio: ['-c:a', 'pcm_s16be', '-ac', '1'],
    container: 'mov',
    mux: FRAGMENTED,
  },
];

const ODDITIES: readonly Camera[] = [
  {
    name: 'variable-frame-rate',
    video: x264('-bf', '2'),
    filters: "select='lt(mod(n*7,13),8)'",
    mux: FRAGMENTED,
  },
  {
    name: 'variable-frame-rate-with-sound',
    video: x264(),
    audio: AAC,
    filters: "select='lt(mod(n*5,11),6)'",
  },
  {
    name: 'timescales-differ',
    video: x264('-bf', '2'),
    audio: AAC,
    mux: FRAGMENTED,
    segments: ['12800', '90000', '15360'].map((timescale) => ({
      mux: ['-video_track_timescale', timescale],
    })),
  },
  {
    name: 'sound-in-the-middle-only',
    video: x264(),
    audio: AAC,
    segments: [{ silent: true }, {}, { silent: true }],
  },
  {
    name: 'silence-in-the-middle',
    video: x264(),
    audio: AAC,
    mux: FRAGMENTED,
    segments: [{}, { silent: true }, {}],
  },
  { name: 'rotated', video: x264('-metadata:s:v:0', 'rotate=90'), audio: AAC },
  { name: 'pixel-aspect', video: x264(), filters: 'setsar=4/3', mux: FRAGMENTED },
  {
    name: 'colour',
    video: x264(
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-colorspace',
      'bt709',
      '-color_range',
      'pc',
    ),
    mux: movflags('+frag_keyframe+empty_moov+default_base_moof+write_colr'),
  },
];

export const CAMERAS: readonly Camera[] = [...CONTAINERS, ...CODECS, ...ODDITIES];
for (const { name, segments } of CAMERAS) {
  if (segments !== undefined && segments.length !== SEGMENTS) {
    throw new Error(`${name} must say of ${SEGMENTS} segments what they are`);
  }
}
