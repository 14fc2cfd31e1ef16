import { isDeepStrictEqual } from 'node:util';

/** A setting of the server that is not what we asked for. */
export interface Difference {
  /** Such as `stream WORK`. */
  readonly of: string;
  readonly setting: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/** Servers drop settings that they do not know: what was asked for is compared with what is there. */
export function differencesOf(of: string, wanted: object, found: object): Difference[] {
  const there = new Map<string, unknown>(Object.entries(found));
  return Object.entries<unknown>({ ...wanted })
    .filter(([setting, value]) => !isDeepStrictEqual(value, there.get(setting) ?? absentValue(value)))
    .map(([setting, value]) => ({ of, setting, wanted: value, found: there.get(setting) }));
}

/** The server leaves settings out that stand at nothing. */
function absentValue(wanted: unknown): unknown {
  return typeof wanted === 'number' ? 0 : typeof wanted === 'boolean' ? false : undefined;
}
