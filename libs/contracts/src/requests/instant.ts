import { wallTime, type WallTime } from '@clipmesh/media';

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;
const MINUTE_MS = 60_000;

/**
 * An RFC 3339 time as wall time; fractions finer than a millisecond are rounded to the nearest one.
 * Offsets are understood, because many languages write `+00:00`; a time without a zone is not.
 */
export function parseInstant(text: string): WallTime | undefined {
  const match = RFC3339.exec(text);
  if (match === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date rolls over what no calendar has (30 February, 24:00): such a time does not come back as it was.
  const fields = `${match.slice(1, 4).join('-')}T${match.slice(4, 7).join(':')}`;
  if (!local.toISOString().startsWith(fields)) {
    return undefined;
  }
  const fractionMs = Math.round(Number(`0.${match[7] ?? '0'}`) * 1000);
  return wallTime(local.getTime() + fractionMs - offsetMs(match));
}

function offsetMs(match: RegExpExecArray): number {
  const minutes = Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0);
  return (match[9] === '-' ? -minutes : minutes) * MINUTE_MS;
}

/** RFC 3339 UTC with milliseconds: how every time goes out. */
export const formatInstant = (time: WallTime): string => new Date(time).toISOString();
