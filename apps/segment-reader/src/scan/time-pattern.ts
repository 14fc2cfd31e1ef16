import { wallTime, type WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

/** What may stand in braces, and the text that it takes. Times are UTC. */
const TOKENS = {
  yyyy: '\\d{4}',
  mm: '\\d{2}',
  dd: '\\d{2}',
  hh: '\\d{2}',
  mi: '\\d{2}',
  ss: '\\d{2}',
  /** Milliseconds. */
  sss: '\\d{3}',
  /** Microseconds, as MediaMTX's `%f`. */
  us: '\\d{6}',
  epochMs: '\\d{13}',
  epochS: '\\d{10}',
  /** Anything but a slash. */
  '*': '[^/]*',
} as const;

type Token = keyof typeof TOKENS;
type Fields = Readonly<Partial<Record<Token, string>>>;

/** Reads a segment's start out of its key; undefined when the key does not fit the pattern. */
export type ReadStart = (key: string) => WallTime | undefined;

/**
 * A pattern such as `{yyyy}/{mm}/{dd}/{hh}-{mi}-{ss}.mp4`: the whole rest of the key, tokens in braces, all other
 * characters as they are. It must tell an instant: `{epochMs}`, `{epochS}`, or year, month, day, hour, minute and second.
 */
export function compileTimePattern(pattern: string): ReadStart {
  const tokens: Token[] = [];
  const source = pattern
    .split(/(\{[^{}]*\})/)
    .map((piece) => {
      const token = /^\{(.*)\}$/.exec(piece)?.[1];
      if (token === undefined) {
        return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      }
      const known = readToken(token);
      tokens.push(known);
      return `(${TOKENS[known]})`;
    })
    .join('');
  checkTellsInstant(tokens);
  checkWildcards(pattern);
  const expression = new RegExp(`^${source}$`);
  return (rest) => {
    const match = expression.exec(rest);
    if (match === null) {
      return undefined;
    }
    return startOf(Object.fromEntries(tokens.map((token, i) => [token, match[i + 1]])));
  };
}

function readToken(token: string): Token {
  if (!(token in TOKENS)) {
    throw invalid(`{${token}} is unknown; there are ${Object.keys(TOKENS).join(', ')}`);
  }
  return token as Token; // just looked up
}

function checkTellsInstant(tokens: readonly Token[]): void {
  const has = (...wanted: Token[]) => wanted.every((token) => tokens.includes(token));
  if (!has('epochMs') && !has('epochS') && !has('yyyy', 'mm', 'dd', 'hh', 'mi', 'ss')) {
    throw invalid('tells no instant: give {epochMs}, {epochS}, or {yyyy} {mm} {dd} {hh} {mi} {ss}');
  }
  const times = tokens.filter((token) => token !== '*');
  if (new Set(times).size !== times.length) {
    throw invalid('has a token twice');
  }
}

/** Two between the same slashes could be told apart in many ways, and a hostile pattern would take for ever. */
function checkWildcards(pattern: string): void {
  if (pattern.split('/').some((segment) => segment.split('{*}').length > 2)) {
    throw invalid('has {*} twice between two slashes');
  }
}

function startOf(fields: Fields): WallTime | undefined {
  const fractionMs = fields.us === undefined ? Number(fields.sss ?? 0) : Math.round(Number(fields.us) / 1000);
  if (fields.epochMs !== undefined) {
    return wallTime(Number(fields.epochMs));
  }
  if (fields.epochS !== undefined) {
    return wallTime(Number(fields.epochS) * 1000 + fractionMs);
  }
  const day = `${String(fields.yyyy)}-${String(fields.mm)}-${String(fields.dd)}`;
  const text = `${day}T${String(fields.hh)}:${String(fields.mi)}:${String(fields.ss)}`;
  const second = new Date(`${text}Z`);
  // Rolls over for 30 February, and is invalid for month 13: no such time.
  const exists = !Number.isNaN(second.getTime()) && second.toISOString().startsWith(text);
  return exists ? wallTime(second.getTime() + fractionMs) : undefined;
}

function invalid(problem: string): ExportError {
  return new ExportError('RequestInvalid', { message: `the time pattern ${problem}`, target: 'timePattern' });
}
