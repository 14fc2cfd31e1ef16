// All of set-up's words go to standard error: standard output belongs to the command (`npm run -s demo -- --json`).

const QUIET_INTERVAL_MS = 15_000;
/** Cursor up, line cleared. */
const LINE_ABOVE = '\x1b[1A\x1b[2K';

export function say(line) {
  process.stderr.write(`clipmesh: ${line}\n`);
}

/**
 * Does something long and shows the elapsed seconds meanwhile: on a terminal in one line that counts, elsewhere (a CI
 * log) in a line every 15 s.
 */
export async function withProgress(label, action) {
  const startedAt = Date.now();
  const elapsed = () => Math.round((Date.now() - startedAt) / 1000);
  const terminal = process.stderr.isTTY === true;
  const tick = () => {
    process.stderr.write(terminal ? LINE_ABOVE : '');
    say(`${label} ... ${elapsed()} s`);
  };
  say(`${label} ...`);
  const timer = setInterval(tick, terminal ? 1000 : QUIET_INTERVAL_MS);
  try {
    return await action();
  } finally {
    clearInterval(timer);
    tick();
  }
}
