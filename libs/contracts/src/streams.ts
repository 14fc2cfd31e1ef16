import { LANES, STAGES, SUBJECT_ROOT, type Lane, type Stage } from './subjects';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A JetStream stream as we want it; `libs/bus` creates it and reports where a server's differs. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  readonly discard: 'new' | 'old';
  /** At most one message per subject; a second is refused. */
  readonly onePerSubject?: boolean;
  readonly maxAgeMs?: number;
  readonly duplicateWindowMs: number;
}

export const STREAMS = {
  segments: {
    name: 'SEGMENTS',
    subjects: [`${SUBJECT_ROOT}.segments.*`],
    retention: 'limits',
    discard: 'new',
    maxAgeMs: 7 * DAY_MS,
    duplicateWindowMs: 10 * MINUTE_MS,
  },
  work: {
    name: 'WORK',
    subjects: [`${SUBJECT_ROOT}.work.>`],
    retention: 'workqueue',
    discard: 'new',
    onePerSubject: true,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  results: {
    name: 'RESULTS',
    subjects: [`${SUBJECT_ROOT}.results.>`],
    retention: 'workqueue',
    discard: 'new',
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  events: {
    name: 'EVENTS',
    subjects: [`${SUBJECT_ROOT}.events.>`],
    retention: 'limits',
    discard: 'old',
    maxAgeMs: 30 * DAY_MS,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
  dead: {
    name: 'DEAD',
    subjects: [`${SUBJECT_ROOT}.dead.>`, `${SUBJECT_ROOT}.refused.>`],
    retention: 'limits',
    discard: 'old',
    maxAgeMs: 90 * DAY_MS,
    duplicateWindowMs: 2 * MINUTE_MS,
  },
} as const satisfies Record<string, StreamSpec>;

/** A durable pull consumer. Its `ack_wait` is a setting of the service that owns it. */
export interface ConsumerSpec {
  readonly stream: string;
  readonly durable: string;
  readonly filter: string;
  readonly maxAckPending: number;
}

/** One consumer per stage and lane: a worker keeps a pull open on every lane of its stage. */
export const workConsumer = (stage: Stage, lane: Lane): ConsumerSpec => ({
  stream: STREAMS.work.name,
  durable: `${stage}-${lane}`,
  filter: `${SUBJECT_ROOT}.work.${stage}.${lane}.>`,
  maxAckPending: 256,
});

export const WORK_CONSUMERS: readonly ConsumerSpec[] = STAGES.flatMap((stage) =>
  LANES.map((lane) => workConsumer(stage, lane)),
);

export const SEGMENT_CONSUMER: ConsumerSpec = {
  stream: STREAMS.segments.name,
  durable: 'segment-reader',
  filter: `${SUBJECT_ROOT}.segments.*`,
  maxAckPending: 256,
};

export const RESULT_CONSUMER: ConsumerSpec = {
  stream: STREAMS.results.name,
  durable: 'job-scheduler',
  filter: `${SUBJECT_ROOT}.results.>`,
  maxAckPending: 256,
};

export const MESH_CONSUMERS: readonly ConsumerSpec[] = [...WORK_CONSUMERS, SEGMENT_CONSUMER, RESULT_CONSUMER];
