import { rescale } from '@clipmesh/media';
import type { AudioSettings } from '@clipmesh/pipeline';
import { argumentList } from './argument-list';
import { feedOptions, fragmentedMp4 } from './common-options';
import type { TickWindow } from './tick-window';

/** All sound between decoder and encoder: 48 kHz, stereo, 32-bit floats. */
export const PCM = { sampleRate: 48_000, bytesPerSample: 8 } as const;

/**
 * Samples of silence that ffmpeg's AAC encoder puts before the sound (ffmpeg 5.1, and every encoder with AAC-LC's usual
 * delay): the first encoded frame is not to be heard, and sample `n` of the sound is sample `n + 1024` of the track.
 */
export const AAC_PRIMING_SAMPLES = 1024;

const DEFAULT_AUDIO_KBPS = 128;
/** Sound on its own has no sync samples to cut fragments at. */
const FRAGMENT_MICROSECONDS = 5_000_000;

/**
 * Arguments that turn the sound of a window of a feed into PCM. It begins at the window's start whatever the source has there, and
 * holes are silence; it may end early.
 *
 * `atrim` counts in samples of what it is given, not in ticks of the track, and the two differ where the container
 * says less than the codec does (HE-AAC). After resampling they are samples that we know.
 */
export function decodeSoundArguments({ from, to, timescale }: TickWindow): string[] {
  const sampleAt = (tick: number): number => rescale(tick, timescale, PCM.sampleRate, 'round');
  const filter = [
    `aresample=${PCM.sampleRate}`,
    `atrim=start_pts=${sampleAt(from)}:end_pts=${sampleAt(to)}`,
    `asetpts=PTS-${sampleAt(from)}`,
    // Silence where the source has holes, so that sound stays with the picture.
    'aresample=async=1:first_pts=0',
    'aformat=sample_fmts=flt:channel_layouts=stereo',
  ].join(',');
  return argumentList({
    input: feedOptions(1),
    filters: [`[0:a:0]${filter}[a]`],
    output: ['-map', '[a]', '-f', 'f32le'],
  });
}

/** Arguments that encode PCM as AAC, in a fragmented MP4. */
export function encodeSoundArguments({ bitrateKbps = DEFAULT_AUDIO_KBPS }: AudioSettings): string[] {
  const rate = String(PCM.sampleRate);
  return argumentList({
    input: ['-protocol_whitelist', 'pipe', '-f', 'f32le', '-ar', rate, '-ac', '2'],
    filters: [],
    output: [
      ...['-map', '0:a:0', '-c:a', 'aac', '-ar', rate, '-ac', '2', '-b:a', `${bitrateKbps}k`],
      ...['-frag_duration', String(FRAGMENT_MICROSECONDS)],
      ...fragmentedMp4(PCM.sampleRate),
    ],
  });
}

/**
 * Arguments that copy the sound of a feed as it is. Time 0 of the output is the window's start; sound that begins earlier has times
 * before it.
 */
export function copySoundArguments({ from, timescale }: TickWindow): string[] {
  return argumentList({
    input: feedOptions(1),
    filters: [],
    output: [
      ...['-map', '0:a:0', '-c:a', 'copy', '-bsf:a', `setts=pts=PTS-${from}:dts=DTS-${from}`],
      ...['-frag_duration', String(FRAGMENT_MICROSECONDS)],
      ...fragmentedMp4(timescale),
    ],
  });
}
