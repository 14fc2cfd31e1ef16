import { join } from 'node:path';
import type { LogRecord } from './log-watch';
import { Program } from './program';
import { REPOSITORY } from './repository';

export interface RecordingOptions {
  /** Media file to record. */
  readonly input: string;
  readonly video: string;
  /** RFC 3339; so that the recording ends now when absent. */
  readonly start?: string;
  readonly segmentSeconds?: number;
  /** Settings of the mesh: where NATS and the store are. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder for the spool and the log. */
  readonly dataDir: string;
}

/** What the recorder says when all is announced. */
export interface Recording {
  readonly video: string;
  readonly start: string;
  readonly end: string;
  readonly segments: number;
}

/** The recorder in a process of its own, not yet started. It is up when it has announced everything. */
export function recorder(options: RecordingOptions): Program & { readonly recorded: Promise<Recording> } {
  const { input, video, start, segmentSeconds, env, dataDir } = options;
  let tell: (recording: Recording) => void;
  const recorded = new Promise<Recording>((resolve) => {
    tell = resolve;
  });
  const program = new Program({
    name: `recorder of ${video}`,
    command: [
      ...[process.execPath, '--enable-source-maps', join(REPOSITORY, 'dist/apps/recorder/src/main.js')],
      ...['--input', input, '--video', video, '--spool', join(dataDir, 'spool', video)],
      ...(start === undefined ? [] : ['--start', start]),
      ...(segmentSeconds === undefined ? [] : ['--segment-seconds', String(segmentSeconds)]),
    ],
    env: { ...process.env, ...env },
    logFile: join(dataDir, 'logs', `recorder-${video}.log`),
    isUp: async (self, signal) => {
      tell(recordingOf(await self.nextLog(({ msg }) => msg === 'recorded', signal)));
    },
  });
  return Object.assign(program, { recorded });
}

/** Records a whole file and resolves when every segment is announced and the recorder has ended. */
export async function record(options: RecordingOptions, signal?: AbortSignal): Promise<Recording> {
  const program = recorder(options);
  await program.start(signal);
  await program.exited;
  return program.recorded;
}

function recordingOf(log: LogRecord): Recording {
  const { video, start, end, segments } = log as Partial<Recording>; // the recorder's own last line
  return { video: String(video), start: String(start), end: String(end), segments: Number(segments) };
}
