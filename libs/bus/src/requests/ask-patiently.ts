import type { Msg } from 'nats';
import type { Link } from '../connection/link';
import { pause } from '../connection/pause';
import { isUnanswered } from '../wire/nats-error';

const ANSWER_MS = 2_000;
const PAUSE_MS = 200;

/** A question that may be put again while NATS does not answer. Throws what the client threw, for the caller to judge. */
export async function askPatiently(
  link: Link,
  subject: string,
  patienceMs: number,
  payload = '',
): Promise<Msg> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await link.whileConnected(link.nc.request(subject, payload, { timeout: ANSWER_MS }));
    } catch (thrown) {
      if (!isUnanswered(thrown) || performance.now() > giveUpAt || link.nc.isClosed()) {
        throw thrown;
      }
      await pause(PAUSE_MS);
    }
  }
}
