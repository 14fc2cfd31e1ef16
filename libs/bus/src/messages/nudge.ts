import type { NatsError, Msg } from 'nats';
import type { Link } from '../connection/link';
import { encodeJson, tryParseJson } from '../wire/json-body';
import { toBusError } from '../wire/nats-error';

/** Stops listening; what has arrived is still handled. */
export type StopListening = () => Promise<void>;

/** Core NATS: whoever listens now hears it, nobody else. */
export function nudge(link: Link, subject: string, body: unknown): void {
  try {
    link.nc.publish(subject, encodeJson(body));
  } catch (thrown) {
    throw toBusError(thrown, `nudge ${subject}`);
  }
}

/**
 * Hears nudges; the subject may have wildcards. A nudge may be lost, and a body that is not JSON is `undefined`:
 * whoever listens looks at the record that the nudge is about.
 */
export function onNudge(
  link: Link,
  subject: string,
  handler: (body: unknown, subject: string) => void,
): StopListening {
  const subscription = link.nc.subscribe(subject, {
    callback: (failed: NatsError | null, message: Msg): void => {
      if (failed === null) {
        handler(tryParseJson(message.data), message.subject);
      }
    },
  });
  return async () => {
    if (!subscription.isClosed()) {
      await subscription.drain();
    }
  };
}
