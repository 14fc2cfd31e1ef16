import { refusalOf } from '../fixture/refusal';
import { BoxCollector, type TopLevelBox } from './box-collector';

function box(type: string, payload: number, size32 = payload + 8): Buffer {
  const bytes = Buffer.alloc(payload + 8, 7);
  bytes.writeUInt32BE(size32);
  bytes.write(type, 4, 'latin1');
  return bytes;
}

function wideBox(type: string, payload: number): Buffer {
  const bytes = Buffer.alloc(payload + 16, 7);
  bytes.writeUInt32BE(1);
  bytes.write(type, 4, 'latin1');
  bytes.writeBigUInt64BE(BigInt(payload + 16), 8);
  return bytes;
}

function collect(bytes: Uint8Array, pieceBytes = bytes.length): TopLevelBox[] {
  const collector = new BoxCollector();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    collector.push(bytes.subarray(at, at + pieceBytes));
  }
  return collector.finish();
}

const OBJECT = Buffer.concat([
  box('ftyp', 16),
  wideBox('moov', 20),
  box('moof', 8),
  wideBox('mdat', 100),
  box('zzzz', 3),
]);

describe('BoxCollector', () => {
  it.each([1, 3, 17, 1000])('gives the same boxes when bytes come in pieces of %i', (pieceBytes) => {
    expect(collect(OBJECT, pieceBytes)).toEqual([
      { type: 'ftyp', offset: 0, sizeBytes: 24, bytes: Uint8Array.from(OBJECT.subarray(0, 24)) },
      { type: 'moov', offset: 24, sizeBytes: 36, bytes: Uint8Array.from(OBJECT.subarray(24, 60)) },
      { type: 'moof', offset: 60, sizeBytes: 16, bytes: Uint8Array.from(OBJECT.subarray(60, 76)) },
      { type: 'mdat', offset: 76, sizeBytes: 116 },
      { type: 'zzzz', offset: 192, sizeBytes: 11 },
    ]);
  });

  it('keeps its own copy of bytes', () => {
    const bytes = Buffer.from(OBJECT);
    const collector = new BoxCollector();
    collector.push(bytes);
    bytes.fill(0);
    expect(collector.finish()[0]?.bytes?.[8]).toBe(7);
  });

  it('tells of a moof before its mdat has passed', () => {
    const told: string[] = [];
    const collector = new BoxCollector({ onBox: ({ type }) => told.push(type) });
    collector.push(OBJECT.subarray(0, 76));
    expect(told).toEqual(['ftyp', 'moov', 'moof']);
    collector.push(OBJECT.subarray(76, 92));
    expect(told).toEqual(['ftyp', 'moov', 'moof', 'mdat']);
  });

  it('takes an mdat of size 0 to the end of the object', () => {
    const object = Buffer.concat([box('ftyp', 16), box('mdat', 50, 0)]);
    expect(collect(object, 7)[1]).toEqual({ type: 'mdat', offset: 24, sizeBytes: 58 });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'SegmentNotMp4'],
    ['a text', Buffer.from('Not a film, but a letter.'), 'SegmentNotMp4'],
    ['an MPEG transport stream', Buffer.alloc(188, 0x47), 'SegmentNotMp4'],
    ['an ftyp of a megabyte', box('ftyp', 16, 1_000_000), 'SegmentNotMp4'],
    ['an ftyp without a brand', box('ftyp', 0), 'SegmentNotMp4'],
    ['a header cut short', Buffer.concat([box('ftyp', 16), Buffer.alloc(5)]), 'SegmentTruncated'],
    ['a wide header cut short', wideBox('mdat', 0).subarray(0, 12), 'SegmentTruncated'],
    ['a box cut short', box('mdat', 100).subarray(0, 60), 'SegmentTruncated'],
    ['a moof without a size', Buffer.concat([box('ftyp', 16), box('moof', 8, 0)]), 'SegmentCorrupt'],
    ['a size smaller than the header', Buffer.concat([box('ftyp', 16), box('mdat', 0, 7)]), 'SegmentCorrupt'],
    ['zeros behind the boxes', Buffer.concat([box('ftyp', 16), Buffer.alloc(16)]), 'SegmentCorrupt'],
    ['a size of 2^60', Buffer.from('00000001' + '6d646174' + '1000000000000000', 'hex'), 'SegmentCorrupt'],
    ['a moov of 65 MiB', box('moov', 0, 65 * 1024 * 1024), 'SegmentCorrupt'],
  ])('refuses %s', (_, bytes, code) => {
    expect(refusalOf(() => collect(bytes, 13)).code).toBe(code);
  });

  it('counts all kept boxes against its limit', () => {
    const collector = new BoxCollector({ maxKeptBytes: 1000 });
    collector.push(box('moov', 500));
    expect(
      refusalOf(() => {
        collector.push(box('moof', 500));
      }).message,
    ).toContain('moof box');
  });

  it('refuses what is no MP4 with its first eight bytes', () => {
    const collector = new BoxCollector();
    expect(
      refusalOf(() => {
        collector.push(Buffer.from('RIFF....'));
      }).code,
    ).toBe('SegmentNotMp4');
  });
});
