// Ctrl-C and kill during set-up: children are ended, what waits is told, and the `finally` blocks on the way up
// remove half-made files and locks. Nothing exits from inside a signal handler.

/** Thrown out of whatever set-up was doing when a signal came. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** What a person can act on: printed as one line, without a stack. */
export class SetupError extends Error {}

const listeners = new Set();
let received = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    received ??= signal;
    for (const listener of listeners) {
      listener(signal);
    }
  });
}

/** Calls back for every signal until the returned function is called. */
export function onSignal(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be called between steps: a signal that came while nothing was listening still ends the set-up. */
export function throwIfInterrupted() {
  if (received !== null) {
    throw new Interrupted(received);
  }
}
