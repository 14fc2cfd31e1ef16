import { execFile } from 'node:child_process';

export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const ARGS = [
  ...['-v', 'quiet', '-protocol_whitelist', 'pipe', '-f', 'mpegts'],
  ...['-show_entries', 'stream=codec_name', '-of', 'csv=p=0', 'pipe:0'],
];

/**
 * What an MPEG transport stream holds, by ffmpeg's names of codecs, from its first bytes. Empty when ffprobe finds nothing: copying
 * will tell why.
 */
export function codecsOfTransportStream(
  head: Uint8Array,
  { signal, timeoutMs = TIMEOUT_MS }: ProbeOptions = {},
): Promise<ReadonlySet<string>> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL' as const };
    const probe = execFile('ffprobe', ARGS, { ...options, ...(signal && { signal }) }, (_error, stdout) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
      } else {
        resolve(new Set(stdout.split('\n').filter((name) => name !== '')));
      }
    });
    // It may have seen enough, and end, before it has read all.
    probe.stdin?.on('error', () => undefined).end(head);
  });
}
