import { wallTime, type TimeRange, type WallTime } from '@clipmesh/media';
import { quote } from './quote';

export const MAX_RANGES = 100;

export type RangesReading =
  | {
      readonly ranges: readonly TimeRange[];
      /** The same as JSON: what the old, unquoted form becomes. */
      readonly text: string;
    }
  | { readonly problem: string };

const SHAPE = 'expected [["start","end"], ...] with RFC 3339 times in UTC, such as "2021-10-05T03:30:00Z"';

/**
 * Reads `[["2021-10-05T03:30:00Z","2021-10-05T03:40:00Z"]]`; the tutorial's form without the inner quotes too.
 * Checks what needs no clock and no setting: the shape, each time, start before end, at most {@link MAX_RANGES}.
 */
export function parseTimeRanges(given: string): RangesReading {
  const text = isJson(given) ? given : quoteBareWords(given);
  const pairs = parseJson(text);
  if (!Array.isArray(pairs)) {
    return { problem: SHAPE };
  }
  if (pairs.length === 0 || pairs.length > MAX_RANGES) {
    return { problem: `holds ${pairs.length} ranges; expected 1 to ${MAX_RANGES}` };
  }
  const ranges: TimeRange[] = [];
  for (const pair of pairs as readonly unknown[]) {
    const range = readRange(pair);
    if ('problem' in range) {
      return range;
    }
    ranges.push(range);
  }
  return { ranges, text };
}

function readRange(pair: unknown): TimeRange | { readonly problem: string } {
  const [start, end, ...rest]: readonly unknown[] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
  if (typeof start !== 'string' || typeof end !== 'string' || rest.length > 0) {
    return { problem: SHAPE };
  }
  const startMs = parseUtc(start, 'floor');
  const endMs = parseUtc(end, 'ceil');
  if (startMs === undefined || endMs === undefined) {
    return { problem: `${quote(startMs === undefined ? start : end)} is no RFC 3339 time in UTC` };
  }
  if (startMs >= endMs) {
    return { problem: `start ${quote(start)} is not before end ${quote(end)}` };
  }
  return { startMs, endMs };
}

const UTC = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(?:Z|[+-]00:?00)$/i;

/** Fractions finer than a millisecond widen the range: starts round down, ends up. */
function parseUtc(text: string, rounding: 'floor' | 'ceil'): WallTime | undefined {
  const match = UTC.exec(text);
  if (match === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const whole = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const fields = `${String(match[1])}-${String(match[2])}-${String(match[3])}T${String(match[4])}:${String(match[5])}:${String(match[6])}`;
  // Date rolls over what no calendar has (30 February, 24:00:00): such a time does not come back as it was.
  if (!whole.toISOString().startsWith(fields)) {
    return undefined;
  }
  const digits = (match[7] ?? '').padEnd(3, '0');
  const rest = digits.slice(3);
  const up = rounding === 'ceil' && /[1-9]/.test(rest) ? 1 : 0;
  return wallTime(whole.getTime() + Number(digits.slice(0, 3)) + up);
}

/** Puts quotes around every word that has none. One pass, so that no text takes long. */
function quoteBareWords(text: string): string {
  return text.replace(/"[^"]*"|[^\s"[\],]+/g, (word) => (word.startsWith('"') ? word : `"${word}"`));
}

function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: the caller says what was expected instead.
    return undefined;
  }
}

export interface RangeLimits {
  /** The ranges together. */
  readonly maxSpanMs: number;
  /** How far ahead of now an end may lie. */
  readonly maxFutureMs: number;
}

/** What is wrong with well-formed ranges here and now; `undefined` when nothing is. */
export function rangeLimitProblem(
  ranges: readonly TimeRange[],
  limits: RangeLimits,
  now: WallTime,
): string | undefined {
  const spanMs = ranges.reduce((sum, range) => sum + (range.endMs - range.startMs), 0);
  if (spanMs > limits.maxSpanMs) {
    return `the ranges together hold ${hours(spanMs)}; at most ${hours(limits.maxSpanMs)} are allowed`;
  }
  const late = ranges.find((range) => range.endMs > now + limits.maxFutureMs);
  if (late !== undefined) {
    return `the end ${new Date(late.endMs).toISOString()} is more than ${hours(limits.maxFutureMs)} ahead`;
  }
  return undefined;
}

function hours(ms: number): string {
  return `${String(Math.ceil(ms / 3600) / 1000)} h`;
}
