import { KV } from '../buckets';
import {
  MESH_CONSUMERS,
  RESULT_CONSUMER,
  SEGMENT_CONSUMER,
  STREAMS,
  WORK_CONSUMERS,
  type ConsumerSpec,
} from '../streams';
import {
  cancelSubject,
  deadSubject,
  eventSubject,
  partProgressSubject,
  progressSubject,
  refusedSubject,
  REQUESTS,
  segmentSubject,
  type EventKind,
  type Stage,
  SUBJECT_ROOT,
} from '../subjects';
import { inboxPrefix, recorderUser, type ServiceUser } from './mesh-users';

/** What a user of NATS may do; everything else is refused. A subscription `subject queue` is one in that queue group only. */
export interface NatsGrant {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May reply to what it is asked, on whatever subject the asker named, once for each question. */
  readonly replies: boolean;
}

interface Duty {
  /** First word of the requests that it answers. */
  readonly answers?: readonly string[];
  readonly asks?: readonly string[];
  readonly publishes: readonly string[];
  readonly hears?: readonly string[];
  readonly takes?: readonly ConsumerSpec[];
  readonly reads?: readonly Bucket[];
  readonly writes?: readonly Bucket[];
}
type Bucket = keyof typeof KV;

const ANY = '*';
const eventsOf = (...kinds: readonly EventKind[]): string[] =>
  kinds.map((kind) => eventSubject(kind, ANY, ANY));
const consumersOf = (...stages: readonly Stage[]): ConsumerSpec[] =>
  WORK_CONSUMERS.filter(({ durable }) => stages.some((stage) => durable.startsWith(`${stage}-`)));

/** What every service does that carries out tasks. */
const working = (...stages: readonly Stage[]): Required<Pick<Duty, 'hears' | 'takes' | 'writes'>> & Duty => ({
  publishes: [
    ...stages.map((stage) => `${SUBJECT_ROOT}.results.${stage}.>`),
    ...stages.map((stage) => deadSubject(stage, ANY, ANY)),
    progressSubject(ANY),
  ],
  hears: [cancelSubject(ANY)],
  takes: consumersOf(...stages),
  reads: ['jobs', 'tasks', 'progress', 'workers'],
  writes: ['tasks', 'progress', 'workers'],
});

const reader = working('plan');
const encoder = working('encode');

/** The duties of the services, in the words of the subjects and buckets that are defined once beside this. */
const DUTIES: Readonly<Record<ServiceUser, Duty>> = {
  'topology-registry': {
    answers: ['topologies'],
    asks: [REQUESTS.jobsList],
    publishes: eventsOf('topology'),
    writes: ['topologies'],
  },
  'job-scheduler': {
    answers: ['jobs', 'workers'],
    asks: [
      REQUESTS.topologiesResolve,
      REQUESTS.archiveEstimate,
      REQUESTS.videosGet,
      REQUESTS.videosPublish,
      REQUESTS.videosRelease,
      REQUESTS.videosDigested,
    ],
    publishes: [...STREAMS.work.subjects, ...eventsOf('job'), progressSubject(ANY), cancelSubject(ANY)],
    hears: [partProgressSubject(ANY)],
    takes: [RESULT_CONSUMER],
    reads: ['workers'],
    writes: ['jobs', 'tasks', 'progress', 'leases'],
  },
  'segment-reader': {
    ...reader,
    answers: ['videos', 'archive'],
    publishes: [
      ...reader.publishes,
      ...eventsOf('video', 'segment'),
      refusedSubject(ANY),
      segmentSubject(ANY), // archive.scan announces what nobody did
    ],
    takes: [...reader.takes, SEGMENT_CONSUMER],
    writes: [...reader.writes, 'videos', 'catalog', 'holds'],
  },
  'encoder-worker': { ...encoder, publishes: [...encoder.publishes, partProgressSubject(ANY)] },
  'sink-writer': working('write', 'digest', 'clean'),
  'api-gateway': { publishes: [], reads: ['videos', 'catalog'] },
};

const API = '$JS.API';

export function serviceGrant(user: ServiceUser): NatsGrant {
  const {
    answers = [],
    asks = [],
    publishes,
    hears = [],
    takes = [],
    reads = [],
    writes = [],
  } = DUTIES[user];
  const answered = Object.values(REQUESTS).filter((subject) => answers.includes(subject.split('.')[2] ?? ''));
  return {
    publish: [
      ...asks,
      ...publishes,
      ...lookingAtTheTopology(),
      ...takes.flatMap(takingFrom),
      ...[...new Set([...reads, ...writes])].flatMap(readingOf),
      ...writes.map((bucket) => `$KV.${KV[bucket].name}.>`),
    ],
    subscribe: [
      `${inboxPrefix(user)}.>`,
      ...hears,
      ...answered.map((subject) => `${subject} ${user}`),
      ...showingItself(user),
    ],
    replies: true,
  };
}

/** A recorder announces segments of its own video, and hears the stream's acknowledgement: no more. */
export const recorderGrant = (video: string): NatsGrant => ({
  publish: [segmentSubject(video)],
  subscribe: [`${inboxPrefix(recorderUser(video))}.>`],
  replies: false,
});

export const OPERATOR_GRANT: NatsGrant = { publish: ['>'], subscribe: ['>'], replies: true };

/** At its start a service looks whether everything is there, and as it should be. */
function lookingAtTheTopology(): string[] {
  const streams = [
    ...Object.values(STREAMS).map(({ name }) => name),
    ...Object.values(KV).map(({ name }) => `KV_${name}`),
  ];
  return [
    ...streams.map((name) => `${API}.STREAM.INFO.${name}`),
    ...MESH_CONSUMERS.map(({ stream, durable }) => `${API}.CONSUMER.INFO.${stream}.${durable}`),
  ];
}

/** Servers from 2.14 on may put a domain and an account into the subjects of acknowledgements, before the stream. */
function takingFrom({ stream, durable, filter }: ConsumerSpec): string[] {
  return [
    `${API}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    // A consumer that somebody removed is made again by who needs it.
    `${API}.CONSUMER.CREATE.${stream}.${durable}.${filter}`,
    `$JS.ACK.${stream}.${durable}.>`,
    `$JS.ACK.*.*.${stream}.${durable}.>`,
  ];
}

/** One key by a direct get; all keys, and their changes, by a consumer of one's own. */
function readingOf(bucket: Bucket): string[] {
  const stream = `KV_${KV[bucket].name}`;
  return [
    `${API}.DIRECT.GET.${stream}.>`,
    `${API}.CONSUMER.CREATE.${stream}.>`,
    `${API}.CONSUMER.MSG.NEXT.${stream}.*`,
    `${API}.CONSUMER.DELETE.${stream}.*`,
  ];
}

/** `nats micro ls`, `info` and `stats`. */
const showingItself = (user: ServiceUser): string[] =>
  ['PING', 'INFO', 'STATS'].flatMap((verb) => [
    `$SRV.${verb}`,
    `$SRV.${verb}.${user}`,
    `$SRV.${verb}.${user}.*`,
  ]);
