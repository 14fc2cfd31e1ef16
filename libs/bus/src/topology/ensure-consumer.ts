import { nanos, type ConsumerConfig } from 'nats';
import type { ConsumerSpec } from '@clipmesh/contracts';
import type { Link } from '../connection/link';
import { JETSTREAM, jetStreamNumber, toBusError } from '../wire/nats-error';
import { differencesOf, type Difference } from './differences';
import { consumerConfig } from './wanted-config';

/** Makes the consumer unless it is there, brings its `ack_wait` up to the setting, and says where it differs. */
export async function ensureConsumer(
  link: Link,
  spec: ConsumerSpec,
  ackWaitMs: number,
): Promise<Difference[]> {
  const wanted = consumerConfig(spec, ackWaitMs);
  try {
    let found = (await findConsumer(link, spec)) ?? (await addConsumer(link, spec, wanted));
    if (found.ack_wait !== nanos(ackWaitMs)) {
      found = (await link.jsm.consumers.update(spec.stream, spec.durable, { ack_wait: nanos(ackWaitMs) }))
        .config;
    }
    return differencesOf(`consumer ${spec.stream}/${spec.durable}`, wanted, found);
  } catch (thrown) {
    throw toBusError(thrown, `ensure consumer ${spec.stream}/${spec.durable}`);
  }
}

async function findConsumer(link: Link, spec: ConsumerSpec): Promise<ConsumerConfig | undefined> {
  try {
    return (await link.jsm.consumers.info(spec.stream, spec.durable)).config;
  } catch (thrown) {
    if (jetStreamNumber(thrown) === JETSTREAM.consumerNotFound) {
      return undefined;
    }
    throw thrown;
  }
}

async function addConsumer(link: Link, spec: ConsumerSpec, wanted: ConsumerConfig): Promise<ConsumerConfig> {
  try {
    return (await link.jsm.consumers.add(spec.stream, wanted)).config;
  } catch (thrown) {
    // A copy of this service was faster, perhaps with another ack_wait.
    if (jetStreamNumber(thrown) === JETSTREAM.consumerExists) {
      return (await link.jsm.consumers.info(spec.stream, spec.durable)).config;
    }
    throw thrown;
  }
}
