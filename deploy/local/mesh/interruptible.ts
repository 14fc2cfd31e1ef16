import { toExportError } from '@clipmesh/errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a command is told when a person or a supervisor wants it to end. */
export class Interruption extends Error {}

/**
 * Runs a command until it ends by itself, or tells it by the signal's abort to stop what it has started and return. Its
 * exit code is the command's. Further signals are ignored, because Ctrl-C on a terminal reaches npm, the set-up and us,
 * and each passes it on.
 */
export async function interruptible(command: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const controller = new AbortController();
  const interrupt = (why: string): void => {
    controller.abort(new Interruption(`interrupted by ${why}`));
  };
  for (const signal of SIGNALS) {
    process.on(signal, interrupt);
  }
  // The set-up keeps a channel to us: when it is killed, nobody waits for us any more.
  process.once('disconnect', () => {
    interrupt('the end of the set-up');
  });
  process.channel?.unref();
  try {
    process.exitCode = await command(controller.signal);
  } catch (error) {
    if (error instanceof Interruption) {
      process.exitCode = 130;
      return;
    }
    const { code, message, hint } = toExportError(error);
    process.stderr.write(`${code}: ${message}\n${hint}\n`);
    process.exitCode = 1;
  }
}
