import * as http from 'node:http';
import * as https from 'node:https';
import { isNativeError } from 'node:util/types';
import type { ExportError } from '@clipmesh/errors';
import { backOff, DEFAULT_RETRIES, type RetryPolicy } from './backoff';
import type { Abortable } from './object-ref';
import { readOnlyKey } from './read-only-key';
import { StoreTimeout, toStoreError, type StoreRequest } from './s3-errors';
import { ScopedClient } from './scoped-client';

export interface StoreSettings {
  /** `http://127.0.0.1:9000`: as this process reaches the store. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Always said: without it minio-js asks the server for it, bucket by bucket, even to presign. */
  readonly region: string;
  /** As browsers reach the store; presigned links are signed for it. Default: `endpoint`. */
  readonly publicEndpoint?: string;
  /** Only these buckets are read, and nothing is written: the store itself refuses the rest. */
  readonly readOnly?: readonly string[];
  /** How long one try of a small request may take, and how long a body may stand still. Default 20 s. */
  readonly timeoutMs?: number;
  readonly retries?: RetryPolicy;
}

/** What one try knows of the tries before it. */
export interface Attempt {
  readonly number: number;
  /** An earlier try may have been carried out although no answer came. */
  readonly mayHaveHappened: boolean;
}

export interface CallOptions extends Abortable {
  readonly request: StoreRequest;
  /** Bytes that the request sends, or has the server copy: they lengthen the deadline by a second a mebibyte. */
  readonly payloadBytes?: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const SLOWEST_BYTES_PER_MS = 1024 * 1024 * 1e-3;
/** Below the 30 s after which servers commonly close an idle connection, so that a reused one is rarely dead. */
const IDLE_SOCKET_MS = 5_000;

/** The one place where requests meet deadlines, aborts, retries and the mapping of errors. */
export class S3Session {
  readonly client: ScopedClient;
  /** For requests with media in their bodies. */
  readonly bulkClient: ScopedClient;
  readonly publicClient: ScopedClient;
  readonly timeoutMs: number;
  private readonly retries: RetryPolicy;
  private readonly agent: http.Agent;

  constructor(settings: StoreSettings) {
    const endpoint = new URL(settings.endpoint);
    const agentOptions = { keepAlive: true, timeout: IDLE_SOCKET_MS, scheduling: 'lifo' as const };
    this.agent =
      endpoint.protocol === 'https:' ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
    const key =
      settings.readOnly === undefined ? undefined : readOnlyKey(settings, settings.readOnly, this.agent);
    this.client = makeClient(endpoint, settings, this.agent, key);
    this.bulkClient = makeClient(endpoint, settings, this.agent, key).withoutPayloadHashes();
    const publicEndpoint = new URL(settings.publicEndpoint ?? settings.endpoint);
    this.publicClient = makeClient(publicEndpoint, settings, undefined, key);
    this.timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.retries = settings.retries ?? DEFAULT_RETRIES;
  }

  close(): void {
    this.agent.destroy();
  }

  /** Sends until it is answered: a store that is not reached is asked again, any other refusal is final. */
  async call<T>(options: CallOptions, send: (attempt: Attempt) => Promise<T>): Promise<T> {
    let mayHaveHappened = false;
    for (let number = 1; ; number++) {
      try {
        return await this.try(options, () => send({ number, mayHaveHappened }));
      } catch (thrown) {
        options.signal?.throwIfAborted();
        const error = toStoreError(thrown, options.request);
        if (error.code !== 'StoreUnreachable' || number >= this.retries.attempts) {
          throw error;
        }
        mayHaveHappened ||= !wasRefusedConnection(error);
      }
      await backOff(number, this.retries, options.signal);
    }
  }

  private async try<T>(options: CallOptions, send: () => Promise<T>): Promise<T> {
    options.signal?.throwIfAborted();
    const scope = new AbortController();
    const follow = () => {
      scope.abort(options.signal?.reason);
    };
    options.signal?.addEventListener('abort', follow, { once: true });
    const deadlineMs = this.timeoutMs + (options.payloadBytes ?? 0) / SLOWEST_BYTES_PER_MS;
    const deadline = setTimeout(() => {
      scope.abort(new StoreTimeout(deadlineMs));
    }, deadlineMs);
    try {
      return await this.client.runWith(scope.signal, () => Promise.race([send(), whenAborted(scope.signal)]));
    } catch (error) {
      const reason: unknown = scope.signal.aborted ? scope.signal.reason : error;
      // minio-js leaves the body of some refusals unread, which would keep the socket busy for ever.
      scope.abort(reason);
      throw reason;
    } finally {
      clearTimeout(deadline);
      options.signal?.removeEventListener('abort', follow);
    }
  }
}

function makeClient(
  endpoint: URL,
  settings: StoreSettings,
  agent: http.Agent | undefined,
  key: ReturnType<typeof readOnlyKey> | undefined,
): ScopedClient {
  return new ScopedClient({
    endPoint: endpoint.hostname,
    useSSL: endpoint.protocol === 'https:',
    ...(endpoint.port === '' ? {} : { port: Number(endpoint.port) }),
    accessKey: settings.accessKey,
    secretKey: settings.secretKey,
    region: settings.region,
    pathStyle: true,
    // Ours waits and maps; minio-js's own would wait up to a minute and write to the console.
    retryOptions: { disableRetry: true },
    ...(agent === undefined ? {} : { transportAgent: agent }),
    ...(key === undefined ? {} : { credentialsProvider: key }),
  });
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error); // AbortSignal types its reason as any; ours are errors
      },
      { once: true },
    );
  });
}

function wasRefusedConnection(error: ExportError): boolean {
  const { cause } = error;
  return isNativeError(cause) && 'code' in cause && cause.code === 'ECONNREFUSED';
}
