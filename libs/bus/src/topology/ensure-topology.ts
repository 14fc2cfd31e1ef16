import type { ConsumerSpec, KvBucketSpec, StreamSpec } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import type { Bus } from '../bus';
import type { Difference } from './differences';
import { ensureConsumer } from './ensure-consumer';
import { ensureStream } from './ensure-stream';
import { bucketConfig, streamConfig } from './wanted-config';

export interface TopologySpec {
  readonly streams: readonly StreamSpec[];
  readonly kv: readonly KvBucketSpec[];
  readonly consumers: readonly ConsumerSpec[];
  readonly ackWaitMs: number;
}

/** What operators may set otherwise without breaking us: how much is kept, how often, and how safely. */
const TUNABLE = new Set(['num_replicas', 'storage', 'max_age', 'max_ack_pending', 'max_waiting']);

/**
 * Makes the streams, buckets and consumers that are not there; any number of services may do so at the same instant.
 * What is there is left as it is, save a consumer's `ack_wait`. Returns what operators have tuned.
 * @throws ExportError `BusMisconfigured` when a setting that we rely on is otherwise.
 */
export async function ensureTopology(bus: Bus, spec: TopologySpec): Promise<readonly Difference[]> {
  const streams = [...spec.streams.map(streamConfig), ...spec.kv.map(bucketConfig)];
  const found = await Promise.all(streams.map((wanted) => ensureStream(bus.link, wanted)));
  // Consumers live in streams: these come first.
  const ofConsumers = await Promise.all(
    spec.consumers.map((consumer) => ensureConsumer(bus.link, consumer, spec.ackWaitMs)),
  );
  const differences = [...found, ...ofConsumers].flat();
  const breaking = differences.filter(({ setting }) => !TUNABLE.has(setting));
  if (breaking.length > 0) {
    throw new ExportError('BusMisconfigured', {
      message: breaking.map(describe).join('; '),
      details: { differences: breaking },
    });
  }
  return differences;
}

const describe = ({ of, setting, wanted, found }: Difference): string =>
  `${of} has ${setting} ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`;
