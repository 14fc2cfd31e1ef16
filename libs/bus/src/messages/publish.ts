import type { MsgHdrs, PubAck } from 'nats';
import type { Link } from '../connection/link';
import { pause } from '../connection/pause';
import { toMsgHeaders, type Headers } from '../wire/headers';
import { encodeJson } from '../wire/json-body';
import { isSubjectTaken, isUnanswered, toBusError } from '../wire/nats-error';

export interface PublishOptions {
  /** The server drops a second message of the same id inside the stream's window: a repeat does no harm. */
  readonly msgId: string;
  readonly headers?: Headers;
  /** How long to try while NATS does not answer. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

export interface Published {
  /** It was there already: the same id, or, on a work queue, a message under the same subject. */
  readonly duplicate: boolean;
  /** Its place in the stream; unknown when its subject was taken. */
  readonly seq: number | undefined;
}

const PATIENCE_MS = 15_000;
const ACK_TIMEOUT_MS = 2_000;
const PAUSE_MS = 200;

/** Puts a message into its stream and waits until the stream has it; repeated under the same id while in doubt. */
export async function publish(
  link: Link,
  subject: string,
  body: unknown,
  options: PublishOptions,
): Promise<Published> {
  const bytes = encodeJson(body);
  try {
    const ack = await publishPatiently(link, subject, bytes, {
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      headers: toMsgHeaders({ ...options.headers, 'Nats-Msg-Id': options.msgId }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { duplicate: ack.duplicate, seq: ack.seq };
  } catch (thrown) {
    if (isSubjectTaken(thrown)) {
      return { duplicate: true, seq: undefined };
    }
    throw toBusError(thrown, `publish to ${subject}`);
  }
}

export interface PatientOptions {
  readonly patienceMs: number;
  readonly headers: MsgHdrs;
  readonly signal?: AbortSignal;
}

/** Publishes until the stream answers or patience ends. Throws what the client threw, for the caller to judge. */
export async function publishPatiently(
  link: Link,
  subject: string,
  bytes: Uint8Array,
  options: PatientOptions,
): Promise<PubAck> {
  const giveUpAt = performance.now() + options.patienceMs;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const { headers } = options;
      return await link.whileConnected(link.js.publish(subject, bytes, { timeout: ACK_TIMEOUT_MS, headers }));
    } catch (thrown) {
      if (!isUnanswered(thrown) || performance.now() > giveUpAt || link.nc.isClosed()) {
        throw thrown;
      }
      await pause(PAUSE_MS, options.signal);
    }
  }
}
