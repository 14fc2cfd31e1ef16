import type { ConsumerSpec, KvBucketSpec, StreamSpec } from '@clipmesh/contracts';
import { ensureTopology, type Bus } from '../index';

let made = 0;

/** Names that no other test of the file uses. */
export const fresh = (what: string): string => {
  made += 1;
  return `${what}${String(made)}`;
};

/** A work queue of a test's own, with one consumer per lane. */
export async function aWorkQueue(
  bus: Bus,
  lanes: readonly string[] = ['normal'],
  ackWaitMs = 5_000,
): Promise<{ stream: StreamSpec; consumers: ConsumerSpec[]; subject: (lane: string, id: string) => string }> {
  const root = fresh('queue');
  const stream: StreamSpec = {
    name: root.toUpperCase(),
    subjects: [`${root}.>`],
    retention: 'workqueue',
    discard: 'new',
    onePerSubject: true,
    duplicateWindowMs: 60_000,
  };
  const consumers = lanes.map((lane) => ({
    stream: stream.name,
    durable: lane,
    filter: `${root}.${lane}.>`,
    maxAckPending: 256,
  }));
  await ensureTopology(bus, { streams: [stream], kv: [], consumers, ackWaitMs });
  return { stream, consumers, subject: (lane, id) => `${root}.${lane}.${id}` };
}

export async function aBucket(bus: Bus, spec: Partial<KvBucketSpec> = {}): Promise<KvBucketSpec> {
  const bucket = { name: fresh('bucket'), ...spec };
  await ensureTopology(bus, { streams: [], kv: [bucket], consumers: [], ackWaitMs: 1_000 });
  return bucket;
}

/** Something that a test waits for, instead of sleeping. */
export class Signal<T = void> {
  private resolve: (value: T) => void = () => undefined;
  readonly seen = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });

  fire(value: T): void {
    this.resolve(value);
  }
}
