import { join } from 'node:path';
import type { JobView } from '@clipmesh/contracts';
import { clipJob, type MeshClient } from '../mesh-client';
import type { ClipReport, ReportedRange } from './clip-report';

/** A clip that the demo wants. */
export interface WantedClip {
  readonly name: string;
  readonly sourceVideo: string;
  readonly requested: ReportedRange;
  /** Encode to this system preset; the camera's own bits when absent. */
  readonly preset?: string;
}

export interface ExportSurroundings {
  /** Where downloads go. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Asks for a clip, follows it to its end, and downloads it. */
export async function exportClip(
  client: MeshClient,
  clip: WantedClip,
  { folder, say, signal }: ExportSurroundings,
): Promise<ClipReport> {
  const { start, end } = clip.requested;
  const body = clipJob({ ...clip, ranges: [[start, end]] });
  say(`job ${clip.name} (${body.topologyName}): ${start} .. ${end}`);
  const submittedAt = performance.now();
  await client.putJob(body);
  const job = await client.jobEnd(clip.name, { onChange: progressSayer(say), signal });
  const submitToCompletedMs = Math.round(performance.now() - submittedAt);
  const { state, error, progress } = job.properties;
  const report = {
    job: clip.name,
    topology: body.topologyName,
    state,
    requested: clip.requested,
    delivered: progress.delivered ?? [],
    gaps: progress.gaps ?? [],
    bytes: 0,
    submitToCompletedMs,
  };
  if (state !== 'Completed') {
    say(`  ${state}: ${error?.code ?? ''} ${error?.message ?? ''}`);
    return report;
  }
  const file = join(folder, `${clip.name}.mp4`);
  return { ...report, file, bytes: await client.download(clip.name, file, signal) };
}

/** Says a job's phase, percent, and of encoding parts, speed and time left, when they change. */
function progressSayer(say: (line: string) => void): (job: JobView) => void {
  let said = '';
  return ({ properties: { state, progress } }) => {
    const line = `  ${state}, ${progress.phase} ${String(Math.round(progress.percent))} %${encodingOf(progress)}`;
    if (line !== said) {
      said = line;
      say(line);
    }
  };
}

function encodingOf({ parts, speed, etaMs }: JobView['properties']['progress']): string {
  return [
    ...(parts === undefined ? [] : [`${String(parts.done)} of ${String(parts.total)} parts`]),
    ...(speed === undefined ? [] : [`${speed.toFixed(1)} x`]),
    ...(etaMs === undefined ? [] : [`${String(Math.ceil(etaMs / 1000))} s left`]),
  ]
    .map((text) => `, ${text}`)
    .join('');
}
