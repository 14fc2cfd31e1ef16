import type { Readable } from 'node:stream';

const KEPT_CHARACTERS = 8_192;

/** The end of what a process says: where it tells why it failed. Bounded, because ffmpeg can say it once a frame. */
export class StderrTail {
  private text = '';

  constructor(stderr: Readable) {
    stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.text = (this.text + chunk).slice(-KEPT_CHARACTERS);
    });
  }

  toString(): string {
    return this.text.trim();
  }
}
