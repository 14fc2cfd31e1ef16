import { parseArgs } from 'node:util';
import { NAME_PATTERN, parseInstant } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';

export const USAGE = `recorder: records a media file as if it were a camera

  main.js --video NAME [--input FILE] [options]

  --input FILE           what to record: H.264 or H.265 video, AAC or no sound; without it, only what the
                         spool still holds is announced
  --video NAME           the video to record to: letters, digits, _ and -
  --start TIME           wall time of the first frame, RFC 3339; by default the recording ends now
                         (with --realtime: begins now)
  --segment-seconds N    length of a segment, 1 to 3000, default 30; cuts fall on GOP borders
  --repeat N             records the file N times, one after the other
  --realtime             at the speed of the camera
  --spool DIR            where segments wait until they are announced, default ./spool
`;

export interface RecorderArguments {
  readonly video: string;
  readonly input?: string;
  readonly start?: WallTime;
  readonly segmentSeconds: number;
  readonly repeat: number;
  readonly realtime: boolean;
  readonly spool: string;
}

/** All that is wrong with the command line, a line each. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
  }
}

const OPTIONS = {
  input: { type: 'string' },
  video: { type: 'string' },
  start: { type: 'string' },
  'segment-seconds': { type: 'string', default: '30' },
  repeat: { type: 'string', default: '1' },
  realtime: { type: 'boolean', default: false },
  spool: { type: 'string', default: 'spool' },
} as const;

export function parseArguments(argv: readonly string[]): RecorderArguments {
  const values = readOptions(argv);
  const start = values.start === undefined ? undefined : parseInstant(values.start);
  const segmentSeconds = Number(values['segment-seconds']);
  const repeat = Number(values.repeat);
  const problems = [
    ...problemUnless(
      NAME_PATTERN.test(values.video ?? ''),
      '--video',
      'letters, digits, _ and -, at most 64',
    ),
    ...problemUnless(start !== undefined || values.start === undefined, '--start', 'an RFC 3339 time'),
    ...problemUnless(segmentSeconds >= 1 && segmentSeconds <= 3000, '--segment-seconds', '1 to 3000'),
    ...problemUnless(Number.isInteger(repeat) && repeat >= 1, '--repeat', 'a whole number from 1'),
  ];
  if (problems.length > 0) {
    throw new UsageError(problems);
  }
  return {
    video: values.video ?? '',
    ...(values.input === undefined ? {} : { input: values.input }),
    ...(start === undefined ? {} : { start }),
    segmentSeconds,
    repeat,
    realtime: values.realtime,
    spool: values.spool,
  };
}

const problemUnless = (holds: boolean, option: string, expected: string): string[] =>
  holds ? [] : [`${option}: expected ${expected}`];

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError([error instanceof Error ? error.message : String(error)]);
  }
}
