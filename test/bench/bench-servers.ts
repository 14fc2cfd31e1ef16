import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bus, ensureTopology } from '@clipmesh/bus';
import { BUCKETS, KV, SEGMENT_CONSUMER, STREAMS, WORK_CONSUMERS } from '@clipmesh/contracts';
import { startMinio, startNatsServer, type MinioServer, type NatsServer } from '@clipmesh/local';
import { ObjectStore } from '@clipmesh/object-store';

const ACK_WAIT_MS = 30_000;

/** NATS and MinIO of a benchmark, with all streams and buckets, and no service. */
export interface BenchServers {
  readonly dataDir: string;
  readonly nats: NatsServer;
  readonly minio: MinioServer;
  readonly bus: Bus;
  readonly store: ObjectStore;
}

/** Starts servers on a temporary folder for as long as `use` runs; nothing is left behind. */
export async function withBenchServers<T>(use: (servers: BenchServers) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipmesh-bench-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  try {
    const nats = await startNatsServer({ dataDir: join(dataDir, 'nats') });
    closers.push(() => nats.stop());
    const minio = await startMinio({ dataDir: join(dataDir, 'minio') });
    closers.push(() => minio.stop());
    const bus = await Bus.connect({ servers: nats.url, name: 'bench' });
    closers.push(() => bus.close());
    const store = openStore(minio);
    closers.push(() => {
      store.close();
      return Promise.resolve();
    });
    await ensureTopology(bus, {
      streams: Object.values(STREAMS),
      kv: Object.values(KV),
      consumers: [SEGMENT_CONSUMER, ...WORK_CONSUMERS],
      ackWaitMs: ACK_WAIT_MS,
    });
    await Promise.all(Object.values(BUCKETS).map((bucket) => store.ensureBucket(bucket)));
    return await use({ dataDir, nats, minio, bus, store });
  } finally {
    for (const close of closers.reverse()) {
      await close();
    }
  }
}

export function openStore({ endpoint, accessKey, secretKey, region }: MinioServer): ObjectStore {
  return ObjectStore.open({ endpoint, accessKey, secretKey, region });
}
