import type { NatsError, Service, ServiceMsg } from 'nats';
import { toExportError, type ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { errorBody, statusOfKind } from '../wire/error-body';
import { fromMsgHeaders, toMsgHeaders, type Headers } from '../wire/headers';
import { encodeJson, parseJson } from '../wire/json-body';
import { toBusError } from '../wire/nats-error';

/** How a service shows itself in `nats micro ls`. */
export interface ServiceIdentity {
  /** Letters, digits, `-` and `_`; copies of a service share it and share the requests. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  readonly description: string;
  /** What tells this copy from others, in `nats micro info`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RequestContext {
  readonly subject: string;
  readonly headers: Headers;
}

export interface Endpoint {
  readonly subject: string;
  readonly handler: (body: unknown, context: RequestContext) => Promise<unknown>;
}

export interface ServeOptions {
  /** Told of every error that a handler ended with, after the caller has been told: the place to log it. */
  readonly onError?: (error: ExportError, context: RequestContext) => void;
}

/** A service that answers; `stop` lets the requests that it has taken finish. */
export interface RunningService {
  stop(): Promise<void>;
}

const TRACE_HEADER = 'traceparent';
const LONGEST_TEXT = 1_000;
const LARGEST_ERROR_BYTES = 256 * 1024;

export async function serve(
  link: Link,
  identity: ServiceIdentity,
  endpoints: readonly Endpoint[],
  options: ServeOptions,
): Promise<RunningService> {
  const answering = new Set<Promise<void>>();
  const service = await link.nc.services.add({ ...identity, queue: identity.name });
  for (const endpoint of endpoints) {
    service.addEndpoint(endpointName(endpoint.subject), {
      subject: endpoint.subject,
      // The client's callbacks must not be async: it would not see their failure.
      handler: (failed: NatsError | null, message: ServiceMsg): void => {
        if (failed !== null) {
          return;
        }
        const answered = answer(endpoint, message, options).finally(() => answering.delete(answered));
        answering.add(answered);
      },
    });
  }
  // Every subscription has reached the server: from here on requests find us.
  await link.nc.flush();
  return { stop: () => drain(service, answering) };
}

async function drain(service: Service, answering: ReadonlySet<Promise<void>>): Promise<void> {
  await service.stop();
  await Promise.all(answering);
}

/** Endpoint names have no dots; the last two tokens tell them apart, as in `jobs-put`. */
function endpointName(subject: string): string {
  return subject.split('.').slice(-2).join('-');
}

/** Never throws: whatever goes wrong is told to the caller, and what cannot be told to the caller, to `onError`. */
async function answer(endpoint: Endpoint, message: ServiceMsg, options: ServeOptions): Promise<void> {
  const context: RequestContext = { subject: message.subject, headers: fromMsgHeaders(message.headers) };
  try {
    const body = parseJson(message.data, `the request ${message.subject}`);
    reply(message, encodeJson(await endpoint.handler(body, context)), traceOf(context));
  } catch (thrown) {
    const error = toExportError(thrown);
    try {
      replyError(message, error, context);
    } catch (failed) {
      options.onError?.(toBusError(failed, `reply to ${message.subject}`), context);
    }
    options.onError?.(error, context);
  }
}

/** A reply larger than NATS takes throws here, and the caller is told so instead. */
function reply(message: ServiceMsg, body: Uint8Array, headers: Headers): void {
  try {
    message.respond(body, { headers: toMsgHeaders(headers) });
  } catch (thrown) {
    throw toBusError(thrown, `reply to ${message.subject} with ${body.length} bytes`);
  }
}

function replyError(message: ServiceMsg, error: ExportError, context: RequestContext): void {
  const { code, hint, ...rest } = errorBody(error).error;
  const text = rest.message.slice(0, LONGEST_TEXT);
  const whole = encodeJson({ error: { code, hint, ...rest } });
  // Thousands of problems would not fit into a message: then the caller gets the error without them.
  const body =
    whole.length <= LARGEST_ERROR_BYTES ? whole : encodeJson({ error: { code, hint, message: text } });
  message.respond(body, {
    headers: toMsgHeaders({
      ...traceOf(context),
      'Nats-Service-Error': text,
      'Nats-Service-Error-Code': String(statusOfKind(error.kind)),
    }),
  });
}

function traceOf(context: RequestContext): Headers {
  const trace = context.headers[TRACE_HEADER];
  return trace === undefined ? {} : { [TRACE_HEADER]: trace };
}
