import { isTransportStream } from './is-transport-stream';

/** Packets of nothing, each behind so many other bytes. */
const packets = (count: number, lead: number): Uint8Array => {
  const packet = Buffer.alloc(lead + 188, 1);
  packet[lead] = 0x47;
  return Buffer.concat(Array.from({ length: count }, () => packet));
};

describe('isTransportStream', () => {
  it.each([
    ['plain packets', packets(4, 0), true],
    ['packets with arrival times', packets(4, 4), true],
    ['packets behind something else', packets(8, 9), false],
    ['too few packets to be sure', packets(3, 0), false],
    ['an MP4', Buffer.from('0000001c667479706973366d'.padEnd(2000, '0'), 'hex'), false],
    ['nothing', new Uint8Array(), false],
  ])('looks at %s', (_what, bytes, expected) => {
    expect(isTransportStream(bytes)).toBe(expected);
  });
});
