import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Bus, pause, type StopListening } from '@clipmesh/bus';
import {
  eventSubject,
  progressSubject,
  REQUESTS,
  type CoverageReply,
  type JobView,
  type VideoView,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Recording } from './recording';

/** An export as a caller asks for it with one of the samples. */
export interface ClipRequest {
  /** Name of the job and of the exported video. */
  readonly name: string;
  readonly sourceVideo: string;
  /** `[start, end)` pairs, RFC 3339. */
  readonly ranges: readonly (readonly [start: string, end: string])[];
  /** Encode to this system preset; the camera's own bits when absent. */
  readonly preset?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

const ASK_AGAIN_MS = 100;

/** How a job is followed. */
export interface Following {
  /** Told of the job as it is after each change of state or progress. */
  readonly onChange?: (job: JobView) => void;
  readonly signal?: AbortSignal;
}

/** Body of `jobs.put` for a sample topology. */
export function clipJob({ name, sourceVideo, ranges, preset, options }: ClipRequest) {
  return {
    name,
    topologyName: preset === undefined ? 'original-export' : 'video-export',
    parameters: [
      { name: 'sourceVideoName', value: sourceVideo },
      { name: 'videoSourceTimeSequenceParameter', value: JSON.stringify(ranges) },
      { name: 'exportedVideoName', value: name },
      ...(preset === undefined ? [] : [{ name: 'preset', value: preset }]),
    ],
    ...(options === undefined ? {} : { options }),
  };
}

/** Somebody who asks for exports over NATS: the demo, the tests and the benchmarks. */
export class MeshClient {
  constructor(readonly bus: Bus) {}

  static async connect(env: NodeJS.ProcessEnv, name: string): Promise<MeshClient> {
    const {
      CLIPMESH_NATS_URL: servers = '',
      CLIPMESH_NATS_USER: user,
      CLIPMESH_NATS_PASSWORD: password,
    } = env;
    return new MeshClient(
      await Bus.connect({
        servers,
        name,
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { password }),
      }),
    );
  }

  close(): Promise<void> {
    return this.bus.close();
  }

  async putJob(body: object): Promise<JobView> {
    const { job } = await this.bus.request<{ readonly job: JobView }>(REQUESTS.jobsPut, body);
    return job;
  }

  getJob(name: string): Promise<JobView> {
    return this.bus.request<JobView>(REQUESTS.jobsGet, { name });
  }

  /** Asks again while the service is being started again: the event that would have us ask may have been the last. */
  private async getJobPatiently(name: string, signal?: AbortSignal): Promise<JobView> {
    for (;;) {
      try {
        return await this.getJob(name);
      } catch (error) {
        if (!(error instanceof ExportError) || error.kind !== 'unavailable') {
          throw error;
        }
        await pause(ASK_AGAIN_MS, signal);
      }
    }
  }

  getVideo(name: string): Promise<VideoView> {
    return this.bus.request<VideoView>(REQUESTS.videosGet, { name });
  }

  /** The job when it has ended, however. */
  async jobEnd(name: string, { onChange, signal }: Following = {}): Promise<JobView> {
    const { id } = await this.getJob(name);
    const look = async (): Promise<JobView | undefined> => {
      const job = await this.getJobPatiently(name, signal);
      onChange?.(job);
      return job.properties.state === 'Processing' ? undefined : job;
    };
    return this.told([eventSubject('job', id, '*'), progressSubject(id)], look, signal);
  }

  /** Resolves when all of a recording is in the index. */
  async indexed({ video, start, end }: Recording, signal?: AbortSignal): Promise<void> {
    const look = async () => ((await this.covers(video, start, end)) ? true : undefined);
    await this.told([eventSubject('segment', '*', 'indexed')], look, signal);
  }

  /** Looks now and again whenever something is told on one of the subjects, until there is something to see. */
  async told<T>(
    subjects: readonly string[],
    look: () => Promise<T | undefined>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const stops: StopListening[] = [];
    let giveUp = (): void => undefined;
    const found = new Promise<T>((resolve, reject) => {
      const lookAgain = (): void => {
        look().then((seen) => {
          if (seen !== undefined) {
            resolve(seen);
          }
        }, reject);
      };
      giveUp = () => {
        reject(signal?.reason as Error); // the caller's own
      };
      signal?.addEventListener('abort', giveUp);
      stops.push(...subjects.map((subject) => this.bus.onNudge(subject, lookAgain)));
      lookAgain();
    });
    try {
      return await found;
    } finally {
      signal?.removeEventListener('abort', giveUp);
      await Promise.all(stops.map((stop) => stop()));
    }
  }

  private async covers(video: string, start: string, end: string): Promise<boolean> {
    try {
      const { timeRanges } = await this.bus.request<CoverageReply>(REQUESTS.archiveCoverage, {
        video,
        start,
        end,
      });
      const [only] = timeRanges;
      return timeRanges.length === 1 && only?.start === start && Date.parse(only.end) >= Date.parse(end);
    } catch (error) {
      if (error instanceof ExportError && error.code === 'VideoNotFound') {
        return false; // its first segment makes it
      }
      throw error;
    }
  }

  /** Downloads an exported video; a file that is shorter than its record says is an error. */
  async download(name: string, path: string, signal?: AbortSignal): Promise<number> {
    const { properties } = await this.getVideo(name);
    const url = properties.contentUrls?.downloadUrl;
    if (url === undefined) {
      throw new ExportError('VideoNotFound', { message: `video ${name} has nothing to download` });
    }
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) {
      throw new ExportError('StoreUnreachable', {
        message: `the download of ${name} answers ${response.status}`,
      });
    }
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(path)); // DOM's and Node's types differ
    const { size } = await stat(path);
    const declared = Number(response.headers.get('content-length'));
    if (size !== declared) {
      throw new ExportError('StoreUnreachable', {
        message: `the download of ${name} broke off at ${size} of ${declared} bytes`,
      });
    }
    return size;
  }
}
