import { toExportError, type ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import type { Headers } from '../wire/headers';
import { tryParseJson } from '../wire/json-body';
import type { Delivery } from './delivery';
import { keepAlive, settle, type Settlement } from './settlement';
import { isStopping } from './stopping';

/** A message as its handler sees it. */
export interface WorkMessage {
  readonly subject: string;
  /** What its JSON says; `undefined`, which JSON cannot say, when it is not JSON. */
  readonly body: unknown;
  /** As it came, for those who must keep what cannot be read. */
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** From 1. It rises with every give-back too, so it is no count of attempts. */
  readonly deliveryCount: number;
  readonly streamSeq: number;
}

export type Handle = (message: WorkMessage, signal: AbortSignal) => Promise<Settlement>;

export interface HandleOptions {
  readonly handle: Handle;
  readonly ackWaitMs: number;
  /** Told of every error that a handler ended with, and of settlements that were not confirmed; never throws. */
  readonly onError: (error: ExportError, subject: string) => void;
  /** How long a message rests after its handler threw. */
  readonly retryDelayMs?: (deliveryCount: number) => number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

const backoff = (deliveryCount: number): number =>
  Math.min(FIRST_DELAY_MS * 2 ** (deliveryCount - 1), LONGEST_DELAY_MS);

/** The life of one message: kept alive while its handler runs, then settled. Never throws. */
export async function handleMessage(
  link: Link,
  delivery: Delivery,
  options: HandleOptions,
  signal: AbortSignal,
): Promise<void> {
  const heartbeat = setInterval(() => {
    keepAlive(link, delivery);
  }, options.ackWaitMs / 3);
  try {
    await settle(link, delivery, await settlementOf(delivery, options, signal));
  } catch (thrown) {
    options.onError(toExportError(thrown), delivery.subject);
  } finally {
    clearInterval(heartbeat);
  }
}

async function settlementOf(
  delivery: Delivery,
  options: HandleOptions,
  signal: AbortSignal,
): Promise<Settlement> {
  try {
    return await options.handle(
      {
        subject: delivery.subject,
        body: tryParseJson(delivery.bytes),
        bytes: delivery.bytes,
        headers: delivery.headers,
        deliveryCount: delivery.deliveryCount,
        streamSeq: delivery.streamSeq,
      },
      signal,
    );
  } catch (thrown) {
    if (isStopping(signal)) {
      // Whatever it threw, it threw because we told it to stop: nothing has failed.
      return { kind: 'giveBack' };
    }
    options.onError(toExportError(thrown), delivery.subject);
    return { kind: 'retry', delayMs: (options.retryDelayMs ?? backoff)(delivery.deliveryCount) };
  }
}
