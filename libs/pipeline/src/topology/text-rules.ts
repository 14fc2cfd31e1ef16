import { ENCODING_SPEEDS } from '../encode/encoder-settings';
import { findSystemPreset, SYSTEM_PRESETS } from '../encode/system-presets';
import type { ErrorCode } from '@clipmesh/errors';
import { NAME_EXPECTED, NAME_PATTERN } from './name-pattern';
import { parseTimeRanges } from './time-ranges';

/** What a text of a node may be once nothing is left to fill in. */
export interface TextRule {
  /** Completes "expected …". Says nothing of the text itself, which may be a secret. */
  readonly expected: string;
  /** Gives the canonical text, or `undefined`, or a problem when there is more to say than `expected`. */
  readonly read: (text: string) => string | undefined | { readonly problem: string };
  /** The code when a job's parameters break the rule; `ParameterInvalid` unless said. */
  readonly code?: ErrorCode;
  /** The date variables may stand in it. */
  readonly takesDates?: boolean;
  /** References may not stand in it, and why. */
  readonly noReferences?: string;
}

const AUDIO_KBPS = [96, 112, 128, 160, 192, 224, 256];

const within = (expected: string, pattern: RegExp, fits: (value: number) => boolean): TextRule => ({
  expected,
  read: (text) => (pattern.test(text) && fits(Number(text)) ? text : undefined),
});

const WHOLE = /^\d{1,9}$/;
const DECIMAL = /^\d{1,9}(\.\d{1,9})?$/;

const wholeBetween = (what: string, least: number, most: number): TextRule =>
  within(`${what} from ${least} to ${most}`, WHOLE, (value) => value >= least && value <= most);

const oneOf = (what: string, choices: readonly string[]): TextRule => ({
  expected: `${what}: ${choices.join(', ')}`,
  read: (text) => choices.find((choice) => choice.toLowerCase() === text.toLowerCase()),
});

/** A text of at most so many characters, where references and dates may stand. */
export const freeText = (most: number): TextRule => ({
  expected: `at most ${most} characters`,
  read: (text) => (text.length <= most ? text : undefined),
  takesDates: true,
});

const bitrateKbps = wholeBetween('a bitrate in kbit/s', 200, 16_000);
const audioBitrateKbps = within(`an audio bitrate in kbit/s: ${AUDIO_KBPS.join(', ')}`, WHOLE, (value) =>
  AUDIO_KBPS.includes(value),
);

/** The draft gave bitrates in bit/s; they are stored in kbit/s, rounded down because they are ceilings. */
const inBitsPerSecond = (rule: TextRule): TextRule => ({
  expected: `${rule.expected}, here times 1000 in bit/s`,
  read: (text) => (WHOLE.test(text) ? rule.read(String(Math.floor(Number(text) / 1000))) : undefined),
  noReferences: 'a reference cannot be turned from bit/s into kbit/s: use bitrateKbps',
});

export const TEXT_RULES = {
  videoName: { expected: NAME_EXPECTED, read: (text) => (NAME_PATTERN.test(text) ? text : undefined) },
  ranges: {
    expected: 'a JSON text of time ranges',
    read: (text) => {
      const reading = parseTimeRanges(text);
      return 'problem' in reading ? reading : reading.text;
    },
    code: 'RangeInvalid',
  },
  systemPreset: {
    expected: `a system preset: ${Object.keys(SYSTEM_PRESETS).join(', ')}`,
    read: findSystemPreset,
  },
  bitrateKbps,
  maximumBitrate: inBitsPerSecond(bitrateKbps),
  audioBitrateKbps,
  audioBitrate: inBitsPerSecond(audioBitrateKbps),
  quality: wholeBetween('a constant rate factor', 1, 51),
  speed: oneOf('an encoding speed', ENCODING_SPEEDS),
  frameRate: within('frames per second above 0, at most 300', DECIMAL, (value) => value > 0 && value <= 300),
  scaleMode: oneOf('a scale mode', ['Pad', 'PreserveAspectRatio', 'Stretch']),
  scaleWidth: wholeBetween('a width', 1, 8192),
  scaleHeight: wholeBetween('a height', 1, 4320),
  title: freeText(256),
  description: freeText(2048),
} as const satisfies Record<string, TextRule>;
