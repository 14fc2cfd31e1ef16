/** A span of wall time as the JSON report gives it: RFC 3339, UTC, milliseconds. */
export interface ReportedRange {
  readonly start: string;
  readonly end: string;
}

/** One export of the demo, as `--json` prints it. */
export interface ClipReport {
  readonly job: string;
  readonly topology: string;
  readonly state: string;
  /** Path of the downloaded MP4; absent when the job did not complete. */
  readonly file?: string;
  readonly requested: ReportedRange;
  readonly delivered: readonly ReportedRange[];
  readonly gaps: readonly ReportedRange[];
  readonly bytes: number;
  readonly submitToCompletedMs: number;
}

const seconds = (range: ReportedRange): string =>
  `${((Date.parse(range.end) - Date.parse(range.start)) / 1000).toFixed(3)} s`;

const show = (range: ReportedRange): string => `${range.start} .. ${range.end}  (${seconds(range)})`;

/** What a person is told about one export. */
export function describeClip(clip: ClipReport): string {
  const gaps = clip.gaps.length === 0 ? ['none'] : clip.gaps.map(show);
  return [
    `${clip.job} (${clip.topology}): ${clip.state}`,
    `  asked      ${show(clip.requested)}`,
    ...clip.delivered.map((range) => `  delivered  ${show(range)}`),
    ...gaps.map((gap) => `  gaps       ${gap}`),
    `  size       ${(clip.bytes / 1e6).toFixed(2)} MB`,
    `  took       ${(clip.submitToCompletedMs / 1000).toFixed(2)} s from submit to completed`,
    `  file       ${clip.file ?? '-'}`,
  ].join('\n');
}
