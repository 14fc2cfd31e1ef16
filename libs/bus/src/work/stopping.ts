/**
 * The reason of an abort that says: this process is going away; the work goes back unharmed and burns no attempt.
 * It is a cause and not a failure, so it is no `ExportError`.
 */
export class Stopping extends Error {
  constructor(readonly what: string) {
    super(`${what} is stopping`);
    this.name = 'Stopping';
  }
}

/** Tells the end of this process from a cancel and from a lost lease, which abort with reasons of their own. */
export function isStopping(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof Stopping;
}
