import { audioTrack, tableOf, videoTrack } from '../fixture/tracks';
import { parameterSetsOf } from './parameter-sets';

const box = (type: string, body: readonly number[]): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, Buffer.from(body)]);
};
const entry = (type: string, configuration: Buffer) =>
  videoTrack(0, tableOf([]), {
    sampleEntry: box(type, [...Buffer.alloc(78), ...configuration]),
  });
const AVC = [1, 100, 0, 31, 0xff, 0xe1, 0, 3, 0x67, 1, 2, 1, 0, 2, 0x68, 9];
const HEVC = [
  ...[...Buffer.alloc(21), 3, 3],
  ...[0x22, 0, 1, 0, 2, 0x44, 7],
  ...[0xa0, 0, 1, 0, 2, 0x40, 5],
  ...[0xa1, 0, 1, 0, 2, 0x42, 6],
];
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

describe('parameterSetsOf', () => {
  it('gives SPS and PPS of H.264, each behind its length', () => {
    const sets = parameterSetsOf(entry('avc1', box('avcC', AVC)));
    expect(hex(sets?.bytes)).toBe('00000003670102' + '000000026809');
    expect(sets).toMatchObject({ family: 'H.264', lengthBytes: 4 });
  });

  it('gives VPS, SPS and PPS of H.265 in the order in which a decoder needs them', () => {
    const sets = parameterSetsOf(entry('hvc1', box('hvcC', HEVC)));
    expect(hex(sets?.bytes)).toBe('000000024005' + '000000024206' + '000000024407');
    expect(parameterSetsOf(entry('hev1', box('hvcC', HEVC)))?.family).toBe(sets?.family);
  });

  it('gives no bytes where key frames say all about themselves', () => {
    expect(parameterSetsOf(entry('av01', box('av1C', [1, 2, 3, 4])))).toMatchObject({ lengthBytes: 0 });
    expect(parameterSetsOf(entry('vp09', box('vpcC', [1])))?.bytes).toHaveLength(0);
  });

  it.each([
    ['of another codec', entry('mp4v', box('esds', [1]))],
    ['without its configuration', entry('avc1', box('free', [1]))],
    ['cut short', entry('avc1', box('avcC', AVC.slice(0, 9)))],
    ['cut short in H.265', entry('hvc1', box('hvcC', HEVC.slice(0, 27)))],
    ['of sound', audioTrack(0, tableOf([]))],
  ])('has nothing to say of an entry %s', (_, track) => {
    expect(parameterSetsOf(track)).toBeUndefined();
  });
});
