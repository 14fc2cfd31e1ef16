import { nanos } from 'nats';
import { ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { askPatiently } from '../requests/ask-patiently';
import { toBusError } from '../wire/nats-error';
import type { Delivery } from './delivery';

/** What becomes of a message when its handler is done with it. */
export type Settlement =
  /** Done, or nobody wants it any more: the message is removed. */
  | { readonly kind: 'ack' }
  /** Somebody tries again after the delay, which counts against the consumer's pending limit: keep it short. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Somebody else takes it at once. */
  | { readonly kind: 'giveBack' }
  /** It will never work. Why stands in the task record: old servers do not understand a reason here. */
  | { readonly kind: 'drop' };

/** A free slot is worth more than this certainty: without it the message comes again, and is settled then. */
const PATIENCE_MS = 3_000;

/**
 * Settles and waits until the server says that it knows. Throws `BusUnreachable` when it never did: the message may
 * then come again, which every handler must bear anyway.
 */
export async function settle(link: Link, delivery: Delivery, settlement: Settlement): Promise<void> {
  try {
    await askPatiently(link, delivery.ackSubject, PATIENCE_MS, wireVerb(settlement));
  } catch (thrown) {
    const cause = toBusError(thrown, `settle ${delivery.subject}`);
    throw new ExportError(cause.code, {
      message: `${settlement.kind} of ${delivery.subject} was not confirmed; it will be delivered again`,
      cause,
    });
  }
}

/** Gives a message back without waiting: for one that nobody here has begun. */
export function giveBackAtOnce(link: Link, delivery: Delivery): void {
  link.tryPublish(delivery.ackSubject, wireVerb({ kind: 'giveBack' }));
}

/** Tells the server that the message is still in work: it waits another `ack_wait`. */
export function keepAlive(link: Link, delivery: Delivery): void {
  link.tryPublish(delivery.ackSubject, '+WPI');
}

function wireVerb(settlement: Settlement): string {
  switch (settlement.kind) {
    case 'ack':
      return '+ACK';
    case 'retry':
      return settlement.delayMs > 0
        ? `-NAK ${JSON.stringify({ delay: nanos(Math.ceil(settlement.delayMs)) })}`
        : '-NAK';
    case 'giveBack':
      return '-NAK';
    case 'drop':
      return '+TERM';
  }
}
