import type { TrackDescription } from '@clipmesh/media';
import { audioTrack, tableOf, videoTrack } from '../fixture/tracks';
import { canShareSampleEntry } from './sample-entry-identity';

function box(type: string, ...parts: (number[] | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

const zeros = (length: number) => Buffer.alloc(length);
const btrt = (rate: number) => box('btrt', [0, 0, 0, 0, 0, 0, 0, rate, 0, 0, 0, rate]);
const avc1 = (avcC: number[], ...others: Buffer[]) => box('avc1', zeros(78), box('avcC', avcC), ...others);
const mp4a = (rate: number, config: number[]) =>
  box(
    'mp4a',
    zeros(28),
    box(
      'esds',
      zeros(4),
      [3, 25, 0, 1, 0],
      [4, 17, 0x40, 0x15, 0, 0, rate, 0, 0, 0, rate, 0, 0, 0, rate],
      [5, 2],
      config,
    ),
  );

const video = (sampleEntry: Buffer, changes: Partial<TrackDescription> = {}) => ({
  ...videoTrack(0, tableOf([])),
  sampleEntry,
  ...changes,
});
const audio = (sampleEntry: Buffer) => ({ ...audioTrack(0, tableOf([])), sampleEntry });

describe('canShareSampleEntry', () => {
  it.each<[string, TrackDescription, TrackDescription]>([
    ['equal bytes', video(avc1([1, 2, 3])), video(avc1([1, 2, 3]))],
    ['other bit rates', video(avc1([1, 2], btrt(7))), video(avc1([1, 2], btrt(9)))],
    ['a bit rate that only one tells', video(avc1([1, 2], btrt(7))), video(avc1([1, 2]))],
    ['other bit rates of AAC', audio(mp4a(7, [0x11, 0x90])), audio(mp4a(9, [0x11, 0x90]))],
    ['another language', video(avc1([1])), video(avc1([1]), { language: 'deu' })],
    ['another timescale', video(avc1([1])), video(avc1([1]), { timescale: 90_000 })],
  ])('takes %s for the same configuration', (_, a, b) => {
    expect(canShareSampleEntry(a, b)).toBe(true);
  });

  it.each<[string, TrackDescription, TrackDescription]>([
    ['parameter sets', video(avc1([1, 2, 3])), video(avc1([1, 2, 4]))],
    ['a box more', video(avc1([1])), video(avc1([1], box('colr', [1])))],
    ['the configuration of AAC', audio(mp4a(7, [0x11, 0x90])), audio(mp4a(7, [0x12, 0x10]))],
    ['the picture size', video(avc1([1])), video(avc1([1]), { width: 640 })],
    ['the rotation', video(avc1([1])), video(avc1([1]), { matrix: [0, 1, 0, 0, 0, 0, 0, 0, 0] })],
  ])('tells %s apart', (_, a, b) => {
    expect(canShareSampleEntry(a, b)).toBe(false);
  });

  it('takes damaged entries for the same only when their bytes are', () => {
    const damaged = Buffer.from(avc1([1, 2, 3]));
    damaged.writeUInt32BE(9999, 86);
    const other = Buffer.from(damaged);
    other[other.length - 1] = 77;
    expect(canShareSampleEntry(video(damaged), video(Buffer.from(damaged)))).toBe(true);
    expect(canShareSampleEntry(video(damaged), video(other))).toBe(false);
  });
});
