import { Bus, ensureTopology, type RunningService } from '@clipmesh/bus';
import {
  BUCKETS,
  JobName,
  KV,
  ListJobs,
  PatchJobBody,
  PutJobBody,
  REQUESTS,
  RESULT_CONSUMER,
  STREAMS,
  WORK_CONSUMERS,
  type DigestedVideoRequest,
  type JobEventBody,
  type JobRecord,
  type PublishVideoRequest,
  type ReleaseVideosRequest,
  type Stage,
  type TaskOutcome,
  type TaskRecord,
} from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { needsEncoder, type JobState } from '@clipmesh/pipeline';
import { openJobStores, TaskRunner, type JobStores, type RunTask, type WorkLog } from '@clipmesh/service-kit';
import { cancelJob } from '../handlers/cancel-job';
import { deleteJob } from '../handlers/delete-job';
import { getJob } from '../handlers/get-job';
import { listJobs } from '../handlers/list-jobs';
import { patchJob } from '../handlers/patch-job';
import { putJob } from '../handlers/put-job';
import type { Dispatcher } from '../dispatch/dispatcher';
import { Scheduler } from '../scheduler';
import { DEFAULT_SETTINGS, type SchedulerSettings } from '../surroundings';

export const ACK_WAIT_MS = 500;
export const LEASE_MS = 500;

const ignore = (): void => undefined;
const named = (name: string): JobName => Object.assign(new JobName(), { name });
export const quiet: WorkLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const RANGE = { startMs: wallTime(0), endMs: wallTime(60_000) };
const SUMMARY = {
  delivered: [RANGE],
  gaps: [],
  warnings: [],
  mediaBytes: 100,
  durationMs: 60_000,
  codecs: ['avc1.64001f'],
};
/** Two parts, and sound: three tasks. */
const FEED = {
  parts: 2,
  timescale: 90_000,
  shownTicks: 5_400_000,
  hasVideo: true,
  soundCodec: 'mp4a.40.2',
  framesPerSecond: 25,
  width: 640,
  height: 480,
};
const stored = (bucket: string, key: string) => ({ bucket, key, etag: 'e', sizeBytes: 1 });

/** What each stage comes to when all goes well; keys tell the claim. Of a job without an encoder, unless that is said. */
export function outcomeOf(task: TaskRecord, job?: Pick<JobRecord, 'pipeline'>): TaskOutcome {
  const key = `${task.jobId}/${task.stage}/${task.claim}`;
  switch (task.stage) {
    case 'plan':
      return { stage: 'plan', plan: stored(BUCKETS.work, key), summary: SUMMARY, ...feedOf(job) };
    case 'encode':
      return { stage: 'encode', index: stored(BUCKETS.work, key), spans: [[0, 1]], gaps: [] };
    case 'write':
      return writeOutcome(task);
    case 'digest':
      return { stage: 'digest', sha256: 'ab'.repeat(32) };
    case 'clean':
      return { stage: 'clean' };
  }
}

const feedOf = (job?: Pick<JobRecord, 'pipeline'>) =>
  needsEncoder(job?.pipeline.encoder) ? { feed: FEED } : {};

export function writeOutcome({ jobId, claim }: TaskRecord): Extract<TaskOutcome, { stage: 'write' }> {
  const key = `${jobId}/write/${claim}`;
  return {
    stage: 'write',
    file: stored(BUCKETS.exports, key),
    manifest: stored(BUCKETS.exports, `${key}.json`),
    treeDigest: 'tree',
    requested: [],
    delivered: [RANGE],
    gaps: [],
  };
}

/** What segment-reader and topology-registry were told, and how they answer. */
export interface Neighbours {
  readonly published: PublishVideoRequest[];
  readonly released: ReleaseVideosRequest[];
  readonly digested: DigestedVideoRequest[];
  withEncoder: boolean;
  topologyIsThere: boolean;
  /** Told of every resolution, before it is answered. */
  onResolve: () => Promise<void> | void;
  videosAnswer: boolean;
}

/** A scheduler on a real NATS, with neighbours made of a few lines and workers made of the real TaskRunner. */
export class TestMesh {
  readonly neighbours: Neighbours = {
    published: [],
    released: [],
    digested: [],
    withEncoder: false,
    topologyIsThere: true,
    onResolve: ignore,
    videosAnswer: true,
  };
  readonly stores: JobStores;
  readonly scheduler: Scheduler;
  readonly dispatcher: Dispatcher;
  private readonly runners: TaskRunner[] = [];
  private services: RunningService[] = [];
  /** What has run, in order: stage of job, claim. */
  readonly ran: string[] = [];

  private constructor(
    readonly bus: Bus,
    settings: Partial<SchedulerSettings>,
  ) {
    this.stores = openJobStores(bus);
    this.scheduler = new Scheduler({
      bus,
      stores: this.stores,
      settings: { ...DEFAULT_SETTINGS, ackWaitMs: ACK_WAIT_MS, staleAfterMs: 0, reconcileMs: 0, ...settings },
      clock: { now: Date.now },
      logger: quiet,
    });
    this.dispatcher = this.scheduler.dispatcherFor(() => true);
  }

  static async start(url: string, settings: Partial<SchedulerSettings> = {}): Promise<TestMesh> {
    const bus = await Bus.connect({ servers: url, name: 'spec' });
    await ensureTopology(bus, {
      streams: Object.values(STREAMS),
      kv: Object.values(KV),
      consumers: [...WORK_CONSUMERS, RESULT_CONSUMER],
      ackWaitMs: ACK_WAIT_MS,
    });
    const mesh = new TestMesh(bus, settings);
    mesh.services = [await mesh.serveNeighbours()];
    await mesh.scheduler.index.start();
    await mesh.dispatcher.start();
    return mesh;
  }

  /** Takes results from here on. */
  takeResults(): void {
    this.scheduler.results.start();
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.scheduler.results.stop();
    await this.dispatcher.stop();
    await this.scheduler.index.stop();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.bus.close();
  }

  work(stages: readonly Stage[], run?: RunTask, worker = `w${this.runners.length + 1}`): TaskRunner {
    const runner = new TaskRunner({
      bus: this.bus,
      worker,
      stages,
      slots: 8,
      settings: { ackWaitMs: ACK_WAIT_MS, leaseMs: LEASE_MS, maxAttempts: 3, retryDelayMs: 5 },
      logger: quiet,
      run: (task, job, context) => {
        this.ran.push(`${task.stage} ${task.claim}`);
        return run === undefined ? Promise.resolve(outcomeOf(task, job)) : run(task, job, context);
      },
    });
    this.runners.push(runner);
    runner.start();
    return runner;
  }

  workEverything(): void {
    this.work(['plan', 'encode', 'write', 'digest', 'clean']);
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.runners.splice(0).map((runner) => runner.stop()));
  }

  readonly put = (name: string, more: object = {}) =>
    putJob(this.scheduler, Object.assign(new PutJobBody(), { name, topologyName: 'copy', ...more }));
  readonly get = (name: string) => getJob(this.scheduler, named(name));
  readonly cancel = (name: string) => cancelJob(this.scheduler, named(name));
  readonly delete = (name: string) => deleteJob(this.scheduler, named(name));
  readonly list = (request: object = {}) => listJobs(this.scheduler, Object.assign(new ListJobs(), request));
  readonly patch = (name: string, request: object) =>
    patchJob(this.scheduler, Object.assign(new PatchJobBody(), { name, ...request }));
  readonly reconcile = () => this.scheduler.reconciler.pass();

  async record(name: string): Promise<JobRecord> {
    return (await this.scheduler.service.load(name)).value;
  }

  async task(name: string, stage: Stage): Promise<TaskRecord | undefined> {
    return (await this.stores.tasks.get(`${(await this.record(name)).id}.${stage}.0`))?.value;
  }

  async tasks(jobId: string, stage: Stage): Promise<string[]> {
    const names: string[] = [];
    for await (const { value } of this.stores.tasks.list(`${jobId}.${stage}.>`)) {
      names.push(value.task);
    }
    return names.sort();
  }

  /** The job as soon as it is as wanted. */
  async until(name: string, wanted: (job: JobRecord) => boolean): Promise<JobRecord> {
    let found: (job: JobRecord) => void = ignore;
    const job = new Promise<JobRecord>((resolve) => {
      found = resolve;
    });
    const watch = await this.stores.jobs.watch(name, {
      onChange: ({ value }) => {
        if (value !== undefined && wanted(value)) {
          found(value);
        }
      },
      onError: ignore,
    });
    return job.finally(() => watch.stop());
  }

  readonly untilState = (name: string, state: JobState) => this.until(name, (job) => job.state === state);
  readonly untilCleaned = (name: string) => this.until(name, (job) => job.cleaned === true);

  /** Types of the events of a job, in order. */
  async events(name: string): Promise<string[]> {
    const { id } = await this.record(name);
    const { state } = await this.bus.link.jsm.streams.info(STREAMS.events.name, {
      subjects_filter: `clipmesh.v1.events.job.${id}.*`,
    });
    const types = Object.keys(state.subjects ?? {}).map((subject) =>
      subject.slice(subject.lastIndexOf('.') + 1),
    );
    return types.sort();
  }

  async event(name: string, type: string): Promise<JobEventBody> {
    const { id } = await this.record(name);
    const message = await this.bus.link.jsm.streams.getMessage(STREAMS.events.name, {
      last_by_subj: `clipmesh.v1.events.job.${id}.${type}`,
    });
    return message.json<JobEventBody>();
  }

  private serveNeighbours(): Promise<RunningService> {
    const { neighbours } = this;
    const video = (tell: (body: never) => unknown) => (body: unknown) => {
      if (!neighbours.videosAnswer) {
        return Promise.reject(new ExportError('StoreUnreachable', { message: 'away' }));
      }
      tell(body as never);
      return Promise.resolve({});
    };
    const identity = { name: 'neighbours', version: '0.0.0', description: 'for tests' };
    return this.bus.serve(identity, [
      { subject: REQUESTS.topologiesResolve, handler: () => this.resolve() },
      { subject: REQUESTS.videosPublish, handler: video((body) => neighbours.published.push(body)) },
      { subject: REQUESTS.videosRelease, handler: video((body) => neighbours.released.push(body)) },
      { subject: REQUESTS.videosDigested, handler: video((body) => neighbours.digested.push(body)) },
      {
        subject: REQUESTS.videosGet,
        handler: (body) =>
          Promise.resolve({
            name: (body as JobName).name,
            properties: { contentUrls: { downloadUrl: `http://store/${(body as JobName).name}` } },
          }),
      },
    ]);
  }

  private async resolve(): Promise<unknown> {
    await this.neighbours.onResolve();
    if (!this.neighbours.topologyIsThere) {
      throw new ExportError('TopologyNotFound', { message: 'no such topology' });
    }
    const pipeline = {
      topologyName: 'copy',
      source: { videoName: 'gate', ranges: [RANGE] },
      sink: { videoName: 'clip', title: 'Gate' },
      ...(this.neighbours.withEncoder && {
        encoder: { format: 1, video: { kind: 'h264' }, audio: { kind: 'aac' } },
      }),
    };
    return { pipeline, revision: 1, secrets: ['password'] };
  }
}
