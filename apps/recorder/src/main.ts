import { setMaxListeners } from 'node:events';
import type { BusStatus } from '@clipmesh/bus';
import { formatInstant, inboxPrefix, recorderUser } from '@clipmesh/contracts';
import { toExportError } from '@clipmesh/errors';
import { ObjectStore } from '@clipmesh/object-store';
import { MeshSettings, openLog, readSettings } from '@clipmesh/service-kit';
import { Announcer } from './announcer';
import { parseArguments, USAGE, UsageError, type RecorderArguments } from './arguments';
import { LateBus } from './late-bus';
import { recordFile, spoolFolder } from './recording';
import { Spool } from './spool';

type Log = ReturnType<typeof openLog>;

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;
const ANNOUNCED_AT_ONCE = 3;
const SAID_EVERY_MS = 60_000;

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  const settings = readSettings(MeshSettings, process.env);
  const log = openLog('recorder', settings.logLevel);
  const stop = stopOnSignals();
  const store = ObjectStore.open({
    endpoint: settings.s3Endpoint,
    accessKey: settings.s3AccessKey,
    secretKey: settings.s3SecretKey,
    region: settings.s3Region,
  });
  const { natsUrl, natsUser, natsPassword } = settings;
  const bus = new LateBus({
    servers: natsUrl.split(','),
    name: `recorder/${options.video}`,
    inboxPrefix: inboxPrefix(recorderUser(options.video)),
    ...(natsUser === undefined ? {} : { user: natsUser }),
    ...(natsPassword === undefined ? {} : { password: natsPassword }),
    onStatus: sayNowAndThen(log),
  });
  await record(options, store, bus, log, stop);
  await bus.close();
  store.close();
}

/** A server that is not there yet is mentioned once a minute. */
function sayNowAndThen(log: Log): (status: BusStatus) => void {
  let lastSaid = -Infinity;
  return ({ kind }) => {
    const now = performance.now();
    if (kind !== 'waiting' || now - lastSaid > SAID_EVERY_MS) {
      lastSaid = now;
      log.info({ status: kind }, 'NATS');
    }
  };
}

async function record(
  options: RecorderArguments,
  store: ObjectStore,
  bus: LateBus,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { video, input } = options;
  const spool = await Spool.open(spoolFolder(options.spool, video), Date.now());
  let announced = 0;
  const announcer = new Announcer(spool, store, bus, {
    concurrency: ANNOUNCED_AT_ONCE,
    firstPauseMs: 250,
    longestPauseMs: 10_000,
    onAnnounced: ({ start, durationMs, object }) => {
      announced += 1;
      log.info({ start, durationMs, key: object.key, bytes: object.bytes }, 'announced');
    },
    onRetry: (error, segment, pauseMs) => {
      log.warn({ segment, code: error.code, reason: error.message, pauseMs }, 'not announced yet');
    },
    signal,
  });
  const left = await spool.waiting();
  left.forEach((segment) => {
    announcer.add(segment);
  });
  if (left.length > 0) {
    log.info({ segments: left.length }, 'the spool holds segments of an earlier run');
  }
  const recorded =
    input === undefined ? undefined : await recordFile(input, options, spool, announcer, signal);
  await announcer.finish();
  log.info(
    recorded === undefined
      ? { video, segments: announced }
      : { ...recorded, video, start: formatInstant(recorded.start), end: formatInstant(recorded.end) },
    'recorded',
  );
}

function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  // Each upload under way listens.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort(new Interrupted(signal));
    });
  }
  return stop.signal;
}

/** Stopped from outside: what is in the spool is announced by the next run. */
class Interrupted extends Error {}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError) {
    process.stderr.write(`${thrown.message}\n\n${USAGE}`);
    return EXIT.usage;
  }
  const interrupted = thrown instanceof Interrupted;
  const error = toExportError(thrown);
  const line = interrupted
    ? { level: 'info', service: 'recorder', msg: `interrupted by ${thrown.message}` }
    : { level: 'error', service: 'recorder', code: error.code, details: error.details, msg: error.message };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return interrupted ? EXIT.interrupted : EXIT.failed;
}

main().then(
  // NATS may be away: nothing here may keep a recorder from ending.
  () => process.exit(0),
  (thrown: unknown) => process.exit(exitCodeOf(thrown)),
);
