import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How far ffmpeg is. */
export interface Progress {
  /** Microseconds of output written. */
  readonly outTimeUs: number;
}

/** Reads the `key=value` lines of `-progress`. */
export function followProgress(lines: Readable, onProgress: (progress: Progress) => void): void {
  createInterface({ input: lines }).on('line', (line) => {
    const outTimeUs = Number(/^out_time_us=(\d+)$/.exec(line)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(outTimeUs)) {
      onProgress({ outTimeUs });
    }
  });
}
