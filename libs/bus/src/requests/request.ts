import { ErrorCode, NatsError, ServiceErrorCodeHeader, ServiceErrorHeader, type Msg } from 'nats';
import { ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { errorFromBody } from '../wire/error-body';
import { toMsgHeaders, type Headers } from '../wire/headers';
import { encodeJson, parseJson, tryParseJson } from '../wire/json-body';
import { toBusError } from '../wire/nats-error';

export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Such as `traceparent`. */
  readonly headers?: Headers;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** Asks a service and waits for its answer; an error reply is thrown as the error that the service threw. */
export async function request(
  link: Link,
  subject: string,
  body: unknown,
  options: RequestOptions,
): Promise<unknown> {
  options.signal?.throwIfAborted();
  const timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
  const asked = link.nc
    .request(subject, encodeJson(body), {
      timeout: timeoutMs,
      ...(options.headers === undefined ? {} : { headers: toMsgHeaders(options.headers) }),
    })
    .catch((thrown: unknown) => {
      throw requestError(thrown, subject, timeoutMs);
    });
  const reply = await unlessAborted(asked, options.signal);
  return readReply(reply, subject);
}

function readReply(reply: Msg, subject: string): unknown {
  if (reply.headers?.has(ServiceErrorCodeHeader) ?? false) {
    const text = reply.headers?.get(ServiceErrorHeader) ?? '';
    throw errorFromBody(tryParseJson(reply.data), `${subject} answers with an error: ${text}`);
  }
  return parseJson(reply.data, `the answer of ${subject}`);
}

function requestError(thrown: unknown, subject: string, timeoutMs: number): ExportError {
  if (hasCode(thrown, ErrorCode.NoResponders)) {
    return new ExportError('NoResponder', { message: `nobody answers ${subject}`, cause: thrown });
  }
  if (hasCode(thrown, ErrorCode.Timeout)) {
    return new ExportError('BusUnreachable', {
      message: `no answer from ${subject} within ${timeoutMs} ms`,
      cause: thrown,
    });
  }
  return toBusError(thrown, `request ${subject}`);
}

/** The client types its codes as plain text. */
const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof NatsError && thrown.code === code;

/** The client cannot take a request back: its answer is dropped when the caller has gone. */
async function unlessAborted<T>(asked: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return asked;
  }
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => {
      // The reason is the caller's own, thrown as it is, as `throwIfAborted` would.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([asked, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    asked.catch(() => undefined);
  }
}
