import type { MoviePlan } from '@clipmesh/archive';
import { planSummary } from '@clipmesh/contracts';
import type { EncoderSettings } from '@clipmesh/pipeline';

/** What AAC comes to where nothing is asked for. */
const USUAL_AUDIO_KBPS = 128;
const BITS = 8;

/** Roughly what an encoder makes of a plan: its ceilings, or the source's own rate where it has none or that is lower. */
export function encodedBytes(plan: MoviePlan, { video, audio }: EncoderSettings): number {
  const { durationMs, mediaBytes } = planSummary(plan);
  const seconds = durationMs / 1000;
  const sourceKbps = (mediaBytes * BITS) / 1000 / Math.max(seconds, 1e-3);
  const videoKbps = video === 'copy' ? sourceKbps : Math.min(video.maxBitrateKbps ?? sourceKbps, sourceKbps);
  const hasSound = plan.tracks.some(({ kind }) => kind === 'audio');
  const audioKbps = !hasSound || typeof audio === 'string' ? 0 : (audio.bitrateKbps ?? USUAL_AUDIO_KBPS);
  return Math.round(((videoKbps + audioKbps) * 1000 * seconds) / BITS);
}
