import type { ConfigChangePolicy, CutPolicy, GapPolicy } from '@clipmesh/archive';
import { NAME_PATTERN, parseInstant } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { TimeRange, WallTime } from '@clipmesh/media';

/** A clip as it is asked for. */
export interface ClipQuery {
  readonly video: string;
  readonly range: TimeRange;
  /** What would have to be encoded first is for jobs. */
  readonly edges: CutPolicy;
  readonly gaps: GapPolicy;
  /** One file cannot be several: `split` is for jobs. */
  readonly onConfigChange: Exclude<ConfigChangePolicy, 'split'>;
  readonly title?: string;
  /** To be saved by a browser rather than played. */
  readonly isDownload: boolean;
}

type Parameters = Readonly<Record<string, unknown>>;

const EDGES = ['edit-list', 'keyframe-before', 'keyframe-after'] as const satisfies readonly CutPolicy[];
const GAPS = ['collapse', 'fail'] as const satisfies readonly GapPolicy[];
const CONFIG_CHANGES = ['fail', 'in-band'] as const;
const DOWNLOAD = ['false', 'true'] as const;
const KNOWN: ReadonlySet<string> = new Set([
  ...['startTime', 'endTime', 'edges', 'gaps', 'onConfigChange', 'title', 'download'],
  // Every path of the API takes it, none needs it.
  'api-version',
]);
const TITLE_LENGTH = 256;

/** Throws `NameInvalid`, `RangeInvalid` or `RequestInvalid` that names parameter and value. */
export function parseClipQuery(video: string, query: Parameters, maxSpanMs: number): ClipQuery {
  if (!NAME_PATTERN.test(video)) {
    throw new ExportError('NameInvalid', {
      message: `${quote(video)} is no name of a video`,
      target: 'name',
    });
  }
  const unknown = Object.keys(query).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw wrong(unknown, `is unknown; there are ${[...KNOWN].join(', ')}`);
  }
  const range = {
    startMs: readInstant(query, 'startTime'),
    endMs: readInstant(query, 'endTime'),
  };
  checkRange(range, maxSpanMs);
  const title = readText(query, 'title');
  if (title !== undefined && title.length > TITLE_LENGTH) {
    throw wrong('title', `has ${title.length} characters, at most ${TITLE_LENGTH} are taken`);
  }
  return {
    video,
    range,
    edges: readOneOf(query, 'edges', EDGES),
    gaps: readOneOf(query, 'gaps', GAPS),
    onConfigChange: readOneOf(query, 'onConfigChange', CONFIG_CHANGES),
    ...(title === undefined ? {} : { title }),
    isDownload: readOneOf(query, 'download', DOWNLOAD) === 'true',
  };
}

function readInstant(query: Parameters, name: string): WallTime {
  const text = readText(query, name);
  const instant = text === undefined ? undefined : parseInstant(text);
  if (instant === undefined) {
    const found = text === undefined ? 'is missing' : `is ${quote(text)}`;
    throw new ExportError('RangeInvalid', {
      message: `${name} ${found}; give an RFC 3339 time such as 2026-11-01T05:20:00Z`,
      target: name,
    });
  }
  return instant;
}

function checkRange({ startMs, endMs }: TimeRange, maxSpanMs: number): void {
  if (endMs <= startMs) {
    throw new ExportError('RangeInvalid', {
      message: `endTime lies ${startMs - endMs} ms before startTime, or with it; the range [startTime, endTime) is empty`,
      target: 'endTime',
    });
  }
  if (endMs - startMs > maxSpanMs) {
    throw new ExportError('RangeInvalid', {
      message: `the range lasts ${endMs - startMs} ms; a clip may last ${maxSpanMs} ms`,
      target: 'endTime',
      hint: 'Export longer ranges by a job.',
    });
  }
}

/** The first value is what holds when the parameter is absent. */
function readOneOf<const T extends string>(query: Parameters, name: string, values: readonly [T, ...T[]]): T {
  const text = readText(query, name) ?? values[0];
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) {
    throw wrong(name, `is ${quote(text)}; there are ${values.join(', ')}`);
  }
  return value;
}

function readText(query: Parameters, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === 'string') {
    return value;
  }
  throw wrong(name, 'is given more than once');
}

function wrong(target: string, problem: string): ExportError {
  return new ExportError('RequestInvalid', { message: `the parameter ${target} ${problem}`, target });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
