import type { ChildProcess } from 'node:child_process';
import { ExportError, type ErrorCode } from '@clipmesh/errors';
import type { StderrTail } from './stderr-tail';

/** How the process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The reason of a stop when the time was up. */
export class StoppedByTimeout extends Error {
  constructor(what: string) {
    super(`ffmpeg ${what}`);
  }
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
const NO_ENCODER = /^Unknown encoder '/m;
const NO_SPACE = /No space left on device/i;

/** The error of an ending, or undefined when ffmpeg ended well. What was stopped fails with the reason of the stop. */
export function failureOf(
  { exitCode, signal }: Ending,
  stop: AbortSignal,
  stderr: Pick<StderrTail, 'toString'>,
): Error | undefined {
  const stderrTail = stderr.toString();
  const details = { exitCode, signal, stderrTail };
  if (stop.aborted) {
    const reason = stop.reason as Error; // AbortSignal types its reason as any; ours are errors
    return reason instanceof StoppedByTimeout
      ? new ExportError('EncoderTimedOut', { message: reason.message, details })
      : reason;
  }
  if (exitCode === 0) {
    return undefined;
  }
  const how = signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
  return new ExportError(codeOf(stderrTail, signal), { message: `ffmpeg ended with ${how}`, details });
}

function codeOf(stderrTail: string, signal: NodeJS.Signals | null): ErrorCode {
  if (NO_SPACE.test(stderrTail)) {
    return 'ScratchFull';
  }
  if (NO_ENCODER.test(stderrTail)) {
    return 'EncoderMissing';
  }
  return signal === null && BAD_MEDIA.test(stderrTail) ? 'UndecodableMedia' : 'EncoderCrashed';
}
