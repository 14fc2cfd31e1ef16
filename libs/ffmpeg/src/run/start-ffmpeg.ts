import { spawn, type ChildProcess } from 'node:child_process';

export interface FfmpegCommand {
  readonly args: readonly string[];
  readonly readsInput: boolean;
  readonly tellsProgress: boolean;
  /** Most address space of the process. */
  readonly memoryBytes: number;
}

/** `-progress` writes to this descriptor, so that it mixes with neither output nor messages. */
export const PROGRESS_FD = 3;

/**
 * The limit is set by a shell that then becomes ffmpeg: Node cannot limit what it starts. The arguments stay a list all
 * the way (`"$@"`), no text is ever read as a command. Where a system knows no such limit, ffmpeg runs without.
 */
const LIMITED = 'ulimit -v "$0" 2>/dev/null; exec ffmpeg "$@"';

/** Starts ffmpeg in a process group of its own, so that it can be ended with all it may have started. */
export function startFfmpeg({ args, readsInput, tellsProgress, memoryBytes }: FfmpegCommand): ChildProcess {
  const progress = tellsProgress ? ['-progress', `pipe:${PROGRESS_FD}`] : [];
  const common = ['-hide_banner', '-nostdin', '-nostats', '-v', 'error', '-y', ...progress];
  const limitKib = Math.floor(memoryBytes / 1024);
  return spawn('sh', ['-c', LIMITED, String(limitKib), ...common, ...args], {
    stdio: [readsInput ? 'pipe' : 'ignore', 'pipe', 'pipe', tellsProgress ? 'pipe' : 'ignore'],
    detached: true,
  });
}
