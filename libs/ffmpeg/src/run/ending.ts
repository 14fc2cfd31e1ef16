import type { ChildProcess } from 'node:child_process';
import { ExportError, type ErrorCode } from '@clipmesh/pipeline';
import type { StderrTail } from './stderr-tail';

/** How the process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended and its pipes are closed; rejects when it could not be started. */
export function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new ExportError('EncoderCrashed', { message: `ffmpeg cannot be started: ${cause.message}`, cause }),
      );
    });
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
}

/** What ffmpeg says when the bytes are at fault, and not it. */
const BAD_MEDIA =
  /Invalid data found|moov atom not found|Error while decoding|could not find codec|does not contain any stream|matches no streams|corrupt input packet/i;
const NO_SPACE = /No space left on device/i;

/** The error of an ending, or undefined when ffmpeg ended well. */
export function ffmpegError(ending: Ending, timedOut: boolean, stderr: StderrTail): ExportError | undefined {
  const { exitCode, signal } = ending;
  if (exitCode === 0) {
    return undefined;
  }
  const tail = stderr.toString();
  const how = signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
  return new ExportError(codeOf(tail, timedOut, signal), {
    message: timedOut ? 'ffmpeg did not end in its time' : `ffmpeg ended with ${how}`,
    details: { exitCode, signal, stderrTail: tail },
  });
}

function codeOf(tail: string, timedOut: boolean, signal: NodeJS.Signals | null): ErrorCode {
  if (timedOut) {
    return 'EncoderTimedOut';
  }
  if (NO_SPACE.test(tail)) {
    return 'ScratchFull';
  }
  return signal === null && BAD_MEDIA.test(tail) ? 'UndecodableMedia' : 'EncoderCrashed';
}
