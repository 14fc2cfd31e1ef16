import { text } from 'node:stream/consumers';
import { ExportError } from '@clipmesh/errors';
import { runFfmpeg } from './run/run-ffmpeg';

/** The encoders that our arguments name. */
export const ENCODERS = ['libx264', 'libx265', 'aac'] as const;

export type Encoder = (typeof ENCODERS)[number];

/** The list begins behind this line; what stands before it explains its flags. */
const HEAD = / ------$/;
/** Six flags, of which the first is the kind of media, a name, and words about it. */
const ENTRY = /^ [VAS][A-Z.]{5} (\S+) +\S/;
const TIMEOUT_MS = 30_000;

/**
 * Which of our encoders the ffmpeg has that would run. That it has one does not say that it works.
 *
 * @throws `EncoderCrashed` when there is no ffmpeg, or it answers otherwise than ffmpeg does.
 */
export async function availableEncoders(): Promise<readonly Encoder[]> {
  const list = await runFfmpeg({ args: ['-encoders'], consume: text, timeoutMs: TIMEOUT_MS });
  const names = parseEncoders(list);
  return ENCODERS.filter((name) => names.has(name));
}

/** Names in what `ffmpeg -encoders` prints. */
export function parseEncoders(list: string): ReadonlySet<string> {
  const lines = list.split('\n').filter((line) => line !== '');
  const head = lines.findIndex((line) => HEAD.test(line));
  const names = lines.slice(head + 1).map((line) => ENTRY.exec(line)?.[1]);
  if (head < 0 || !names.every((name) => name !== undefined)) {
    const message = 'ffmpeg did not say in its usual words which encoders it has';
    throw new ExportError('EncoderCrashed', { message, details: { list: list.slice(0, 1_000) } });
  }
  return new Set(names);
}
