import type { StreamConfig } from 'nats';
import type { Link } from '../connection/link';
import { JETSTREAM, jetStreamNumber, toBusError } from '../wire/nats-error';
import { differencesOf, type Difference } from './differences';
import type { WantedStream } from './wanted-config';

/** Makes the stream unless it is there, reads it back, and says where it differs. */
export async function ensureStream(link: Link, wanted: WantedStream): Promise<Difference[]> {
  try {
    const found = (await findStream(link, wanted.name)) ?? (await addStream(link, wanted));
    return differencesOf(`stream ${wanted.name}`, wanted, found);
  } catch (thrown) {
    throw toBusError(thrown, `ensure stream ${wanted.name}`);
  }
}

async function findStream(link: Link, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await link.jsm.streams.info(name)).config;
  } catch (thrown) {
    if (jetStreamNumber(thrown) === JETSTREAM.streamNotFound) {
      return undefined;
    }
    throw thrown;
  }
}

async function addStream(link: Link, wanted: WantedStream): Promise<StreamConfig> {
  try {
    return (await link.jsm.streams.add(wanted)).config;
  } catch (thrown) {
    // Somebody made it between our look and our try, and otherwise than we would have.
    if (jetStreamNumber(thrown) === JETSTREAM.streamInUse) {
      return (await link.jsm.streams.info(wanted.name)).config;
    }
    throw thrown;
  }
}
