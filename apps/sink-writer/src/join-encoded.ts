import {
  decodeIndexObject,
  decodeMoviePlan,
  joinEdges,
  joinMovie,
  type EncodedEdge,
  type EncodedFeed,
  type IndexedObject,
  type MoviePlan,
} from '@clipmesh/archive';
import {
  COPY_TASK,
  encodeJobOf,
  placeOfPart,
  SOUND_TASK,
  type EncodeJob,
  type EncodeOutcome,
  type JobRecord,
  type StoredObject,
  type TaskRecord,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Abortable, ObjectStore } from '@clipmesh/object-store';

/** What one encode task made. */
interface Made {
  readonly task: string;
  readonly outcome: EncodeOutcome;
  readonly objects: readonly IndexedObject[];
}

/** Indexes read at the same time. */
const READS = 16;

/** The movie of all that encoders made of a job, as a plan like any other. */
export async function joinEncoded(
  store: ObjectStore,
  job: JobRecord,
  tasks: readonly TaskRecord[],
  options: Abortable,
): Promise<MoviePlan> {
  const encodeJob = encodeJobOf(job);
  const made = await readAllMade(store, tasks, options);
  const sound = made.find(({ task }) => task === SOUND_TASK);
  const copied = made.find(({ task }) => task === COPY_TASK)?.objects[0];
  const undecodable = made.flatMap(({ outcome }) => outcome.gaps).sort((a, b) => a.startMs - b.startMs);
  const feeds = await readFeeds(store, job, encodeJob, made, options);
  const [first] = feeds;
  if (encodeJob.settings === 'edges' && first !== undefined) {
    return joinEdges({ plan: first.plan, edges: first.edges, gaps: undecodable });
  }
  if (copied === undefined && feeds.every(({ parts }) => parts.every((part) => part.length === 0))) {
    throw new ExportError('UndecodableMedia', {
      message: 'nothing of the asked ranges could be decoded',
      details: { gaps: undecodable },
    });
  }
  return joinMovie({
    feeds,
    clock: encodeJob.clock,
    ...(copied === undefined ? {} : { copiedVideo: copied }),
    sound: (sound?.objects ?? []).map((object, i) => {
      const [start = 0, end = 0] = sound?.outcome.spans[i] ?? [];
      return { object, start, end };
    }),
    gaps: undecodable,
  });
}

export async function readPlan(
  store: ObjectStore,
  ref: StoredObject,
  options: Abortable,
): Promise<MoviePlan> {
  return decodeMoviePlan(await store.readAll(ref, { ifMatch: ref.etag, ...options }));
}

async function readFeeds(
  store: ObjectStore,
  { planned }: JobRecord,
  { files }: EncodeJob,
  made: readonly Made[],
  options: Abortable,
): Promise<(EncodedFeed & { readonly edges: readonly EncodedEdge[] })[]> {
  const plans = await Promise.all(files.map(({ plan }) => readPlan(store, plan, options)));
  const parts = files.map(({ feed }) =>
    Array.from({ length: feed.parts }, (): EncodedEdge => ({ pieces: [] })),
  );
  for (const one of made) {
    const place = planned && /^\d+$/.test(one.task) ? placeOfPart(planned, Number(one.task)) : undefined;
    const ofFeed = place && parts[place.feed];
    if (place !== undefined && ofFeed !== undefined) {
      ofFeed[place.window] = edgeOf(one);
    }
  }
  return plans.map((plan, i) => {
    const edges = parts[i] ?? [];
    return { plan, edges, parts: edges.map(({ pieces }) => pieces) };
  });
}

/** A part, or an edge: parts have no copies. */
function edgeOf({ outcome, objects }: Made): EncodedEdge {
  const pieces = objects.map((object, i) => {
    const [from = 0, to = 0] = outcome.spans[i] ?? [];
    return { object, from, to };
  });
  const [copies] = objects;
  return outcome.beginsWithCopies === true && copies !== undefined
    ? { copies, pieces: pieces.slice(1) }
    : { pieces };
}

async function readAllMade(
  store: ObjectStore,
  tasks: readonly TaskRecord[],
  options: Abortable,
): Promise<Made[]> {
  const made: Made[] = [];
  const waiting = [...tasks];
  const readers = Array.from({ length: READS }, async () => {
    for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
      made.push(await readMade(store, task, options));
    }
  });
  await Promise.all(readers);
  return made;
}

async function readMade(store: ObjectStore, record: TaskRecord, options: Abortable): Promise<Made> {
  const { outcome, task } = record;
  if (record.state !== 'done' || outcome?.stage !== 'encode') {
    throw new ExportError('InternalError', {
      message: `the encode task ${task} of job ${record.jobName} is ${record.state}, and its job is to be written`,
    });
  }
  const { index } = outcome;
  const bytes = index && (await store.readAll(index, { ifMatch: index.etag, ...options }));
  return { task, outcome, objects: bytes === undefined ? [] : decodeIndexObject(bytes) };
}
