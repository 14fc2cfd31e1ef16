import type { Msg } from 'nats';
import { readDelivery } from './delivery';

const message = (reply: string | undefined): Msg =>
  ({ subject: 'work.a', data: new Uint8Array([1]), ...(reply === undefined ? {} : { reply }) }) as Msg;

it.each([
  ['today', '$JS.ACK.WORK.encode-normal.3.17.42.1795387787188727933.9'],
  ['with domain and account', '$JS.ACK._.abcdef.WORK.encode-normal.3.17.42.1795387787188727933.9'],
  ['with tokens to come', '$JS.ACK.hub.abcdef.WORK.encode-normal.3.17.42.1795387787188727933.9.rnd'],
])('the facts of a delivery are read from its ack subject, %s', (_, ackSubject) => {
  expect(readDelivery(message(ackSubject))).toMatchObject({
    subject: 'work.a',
    ackSubject,
    deliveryCount: 3,
    streamSeq: 17,
    pending: 9,
  });
});

it.each([undefined, '', '_INBOX.abc', '$JS.ACK.short'])('%s is no ack subject', (reply) => {
  expect(readDelivery(message(reply))).toBeUndefined();
});
