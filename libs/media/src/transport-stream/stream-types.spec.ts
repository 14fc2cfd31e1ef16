import fc from 'fast-check';
import { isTransportStream } from './packets';
import { STREAM_TYPES, streamTypesOf } from './stream-types';

const PMT_PID = 0x1000;

/** One packet that carries a section, filled up as encoders do. */
function packet(pid: number, section: readonly number[], adaptation: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(188).fill(0xff);
  const control = adaptation.length > 0 ? 0x30 : 0x10;
  bytes.set([0x47, 0x40 | (pid >> 8), pid & 0xff, control, ...adaptation, 0, ...section]);
  return bytes;
}

const section = (table: number, body: readonly number[]): number[] => {
  const length = body.length + 4;
  return [table, 0xb0 | (length >> 8), length & 0xff, ...body, 1, 2, 3, 4];
};
const pat = (...pairs: readonly (readonly [number, number])[]): number[] =>
  section(0, [
    0,
    1,
    0xc1,
    0,
    0,
    ...pairs.flatMap(([n, pid]) => [n >> 8, n & 0xff, 0xe0 | (pid >> 8), pid & 0xff]),
  ]);
const pmt = (descriptors: readonly number[], types: readonly number[]): number[] =>
  section(2, [
    ...[0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, descriptors.length, ...descriptors],
    ...types.flatMap((type, i) => [type, 0xe1, i, 0xf0, 2, 0x0a, 0]),
  ]);

const FILLER = packet(0x1fff, []);
const stream = (...packets: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([...packets, FILLER, FILLER, FILLER, FILLER]);
const withLeads = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat(
    Array.from({ length: bytes.length / 188 }, (_, i) => [
      Buffer.from([1, 2, 3, 4]),
      bytes.subarray(188 * i, 188 * (i + 1)),
    ]).flat(),
  );

const program = stream(
  packet(0, pat([0, 16], [7, PMT_PID]), [1, 0]),
  packet(PMT_PID, pmt([5, 1, 9], [STREAM_TYPES.hevc, STREAM_TYPES.adtsAac])),
);

describe('streamTypesOf', () => {
  it('reads the first program, past adaptation fields, the network and descriptors', () => {
    expect(streamTypesOf(program)).toEqual([STREAM_TYPES.hevc, STREAM_TYPES.adtsAac]);
  });

  it('reads packets with arrival times before them', () => {
    expect(streamTypesOf(withLeads(program))).toEqual([STREAM_TYPES.hevc, STREAM_TYPES.adtsAac]);
  });

  it.each([
    ['the map is of another table', packet(PMT_PID, section(0x42, [0, 1, 2]))],
    ['the map does not end in its packet', packet(PMT_PID, [2, 0xb3, 0xff, 1, 2, 3])],
    ['there is no map', FILLER],
  ])('knows none when %s', (_reason, second) => {
    expect(streamTypesOf(stream(packet(0, pat([1, PMT_PID])), second))).toEqual([]);
  });

  it('gives an answer for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(program.length - 1), fc.nat(255))), (changes) => {
        const bytes = Uint8Array.from(program);
        for (const [at, value] of changes) {
          bytes[at] = value;
        }
        expect(streamTypesOf(bytes).every((type) => type >= 0 && type <= 255)).toBe(true);
      }),
    );
  });
});

describe('isTransportStream', () => {
  it.each([
    ['a transport stream', program, true],
    ['one with arrival times', withLeads(program), true],
    ['an MP4', Buffer.from('0000001c667479706973366d'.padEnd(2000, '0'), 'hex'), false],
    ['one sync byte alone', Uint8Array.from({ length: 800 }, (_, i) => (i === 0 ? 0x47 : 0)), false],
    ['nothing', new Uint8Array(), false],
  ])('tells %s', (_what, bytes, expected) => {
    expect(isTransportStream(bytes)).toBe(expected);
  });
});
