import { rescale } from '@clipmesh/media';
import type { TickWindow } from './tick-window';

export const OUTPUT_SAMPLE_RATE = 48_000;

/**
 * The filter chain from the decoded sound to the encoder: 48 kHz, cut, holes filled, stereo.
 *
 * `atrim` counts in samples of what it is given, not in ticks of the track, and the two differ where the container
 * says less than the codec does (HE-AAC). After resampling they are samples that we know.
 */
export function audioFilter({ from, to, timescale }: TickWindow): string {
  const sampleAt = (tick: number) => rescale(tick, timescale, OUTPUT_SAMPLE_RATE, 'round');
  return [
    `aresample=${OUTPUT_SAMPLE_RATE}`,
    `atrim=start_pts=${sampleAt(from)}:end_pts=${sampleAt(to)}`,
    `asetpts=PTS-${sampleAt(from)}`,
    // Silence where the source has holes, so that sound stays with the picture.
    'aresample=async=1:first_pts=0',
    'aformat=channel_layouts=stereo',
  ].join(',');
}
