import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { jsonCodec, type KvChange, type KvStore } from '@clipmesh/bus';
import {
  BUCKETS,
  eventSubject,
  KV,
  progressSubject,
  type JobRecord,
  type JobView,
} from '@clipmesh/contracts';
import {
  clipJob,
  MeshClient,
  record,
  startMesh,
  type ClipRequest,
  type Mesh,
  type Recording,
} from '@clipmesh/local';
import { ObjectStore } from '@clipmesh/object-store';
import { makeFootage, withTemporaryFolder, type FootageOptions } from '@clipmesh/testkit';

const START_TIMEOUT_MS = 120_000;

/** Short enough that a story sees a dead process taken over; long enough for a busy machine. */
const SHORT_LEASES = {
  CLIPMESH_ACK_WAIT_MS: '2000',
  CLIPMESH_LEASE_MS: '2000',
  CLIPMESH_RECONCILE_MS: '500',
};

/** A story's mesh, and what its people do with it. */
export interface World {
  readonly mesh: Mesh;
  readonly client: MeshClient;
  readonly store: ObjectStore;
  readonly folder: string;
  /** Makes footage, records it under the video's name from the given instant, and waits until it is indexed. */
  record(video: string, start: string, footage: Omit<FootageOptions, 'path'>): Promise<RecordedFootage>;
  /** Puts a job and resolves with it when it has ended. */
  export(clip: ClipRequest): Promise<JobView>;
  /** Downloads an exported video. */
  download(name: string): Promise<string>;
  /** Resolves when what a job leaves behind is gone. */
  cleaned(job: Pick<JobView, 'id' | 'name'>): Promise<void>;
  /** Looks now and whenever a job tells of itself, until the condition holds. */
  until(id: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** Keys of all objects under a prefix. */
  keys(bucket: keyof typeof BUCKETS, prefix?: string): Promise<string[]>;
}

export interface RecordedFootage extends Recording {
  /** The file that was recorded. */
  readonly file: string;
}

export const SEGMENT_SECONDS = 10;

/** One mesh for the stories of a file; to be called where tests are declared. */
export function withWorld(env: NodeJS.ProcessEnv = {}): () => World {
  let world: World | undefined;
  // Hooks after the tests run in the order of their declaration: the mesh stops before its folder is removed.
  afterAll(async () => {
    await world?.client.close();
    world?.store.close();
    await world?.mesh.stop();
  }, START_TIMEOUT_MS);
  const folder = withTemporaryFolder();
  beforeAll(async () => {
    const mesh = await startMesh({ dataDir: join(folder, 'mesh'), env: { ...SHORT_LEASES, ...env } });
    const client = await MeshClient.connect(mesh.env, 'story');
    world = makeWorld(mesh, client, folder);
  }, START_TIMEOUT_MS);
  return () => {
    if (world === undefined) {
      throw new Error('the mesh runs from beforeAll on; read it inside of a test or a hook');
    }
    return world;
  };
}

function makeWorld(mesh: Mesh, client: MeshClient, folder: string): World {
  const { endpoint, accessKey, secretKey, region } = mesh.minio;
  const store = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  const jobs = client.bus.kv(KV.jobs, jsonCodec<JobRecord>(1));
  let recordings = 0;
  return {
    mesh,
    client,
    store,
    folder,
    record: async (video, start, footage) => {
      const dataDir = join(folder, `recording-${String((recordings += 1))}`);
      const file = await makeFootage({ path: join(folder, `footage-${String(recordings)}.mp4`), ...footage });
      const recording = await record({
        input: file,
        video,
        start,
        segmentSeconds: SEGMENT_SECONDS,
        env: await mesh.doors.recorder(video),
        dataDir,
      });
      await client.indexed(recording);
      return { ...recording, file };
    },
    export: async (clip) => {
      await client.putJob(clipJob(clip));
      return client.jobEnd(clip.name);
    },
    download: async (name) => {
      const path = join(folder, `${name}.mp4`);
      await client.download(name, path);
      return path;
    },
    cleaned: ({ name }) => untilCleaned(jobs, name),
    until: async (id, holds) => {
      await client.told(
        [eventSubject('job', id, '*'), progressSubject(id)],
        async () => (await holds()) || undefined,
      );
    },
    keys: async (bucket, prefix = '') => {
      const keys: string[] = [];
      for await (const { key } of store.list(BUCKETS[bucket], prefix)) {
        keys.push(key);
      }
      return keys;
    },
  };
}

/** No event tells of it: the record is watched. */
async function untilCleaned(jobs: KvStore<JobRecord>, name: string): Promise<void> {
  let stop = (): Promise<void> => Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    const onChange = ({ value }: KvChange<JobRecord>): void => {
      if (value?.cleaned === true) {
        resolve();
      }
    };
    jobs.watch(name, { onChange, onError: reject }).then((watch) => {
      stop = () => watch.stop();
    }, reject);
  });
  await stop();
}

export async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** `start` plus so many seconds, RFC 3339. */
export function secondsAfter(start: string, seconds: number): string {
  return new Date(Date.parse(start) + Math.round(seconds * 1000)).toISOString();
}
