import type { Msg } from 'nats';
import { fromMsgHeaders, type Headers } from '../wire/headers';

/** One message as a consumer delivered it. */
export interface Delivery {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** Where acknowledgements go; its tokens are the facts below. */
  readonly ackSubject: string;
  /** From 1. It rises with every give-back too, so it is no count of attempts. */
  readonly deliveryCount: number;
  readonly streamSeq: number;
  /** Messages that the consumer still has after this one. */
  readonly pending: number;
}

/** `undefined` when the message is a status and not a delivery. */
export function readDelivery(message: Msg): Delivery | undefined {
  const ackSubject = message.reply ?? '';
  const facts = ackFacts(ackSubject);
  return facts === undefined
    ? undefined
    : {
        subject: message.subject,
        bytes: message.data,
        headers: fromMsgHeaders(message.headers),
        ackSubject,
        ...facts,
      };
}

/**
 * `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>`; newer servers put
 * `<domain>.<account>` before the stream and may add tokens at the end.
 */
function ackFacts(ackSubject: string): Pick<Delivery, 'deliveryCount' | 'streamSeq' | 'pending'> | undefined {
  const tokens = ackSubject.split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) {
    return undefined;
  }
  const first = tokens.length === 9 ? 4 : 6;
  const [deliveryCount, streamSeq, , , pending] = tokens.slice(first).map(Number);
  return deliveryCount === undefined || streamSeq === undefined || pending === undefined
    ? undefined
    : { deliveryCount, streamSeq, pending };
}
