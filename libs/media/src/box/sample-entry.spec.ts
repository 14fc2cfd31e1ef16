import { BoxWriter } from '../bytes/box-writer';
import { avc1Entry, hvc1Entry, mp4aEntry } from '../fixture/sample-entries';
import { refusalOf } from '../fixture/refusal';
import { readSampleEntry } from './sample-entry';

function renamed(entry: Uint8Array, type: string): Uint8Array {
  const copy = entry.slice();
  copy.set(Buffer.from(type), 4);
  return copy;
}

function patched(entry: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = entry.slice();
  copy[at] = byte;
  return copy;
}

describe('readSampleEntry', () => {
  it.each([
    ['avc1', avc1Entry(), 'vide', 'avc1.64001f'],
    ['avc3', renamed(avc1Entry(), 'avc3'), 'vide', 'avc3.64001f'],
    ['hvc1', hvc1Entry(), 'vide', 'hvc1.1.6.L93.B0'],
    ['hev1', renamed(hvc1Entry(), 'hev1'), 'vide', 'hev1.1.6.L93.B0'],
    ['mp4a', mp4aEntry(), 'soun', 'mp4a.40.2'],
    ['MP3 in mp4a', patched(mp4aEntry(), 58, 0x6b), 'soun', 'mp4a.6b'],
    ['an escaped audio object type', patched(mp4aEntry(), 73, 0xf9), 'soun', 'mp4a.40.44'],
    ['a codec it does not know', renamed(avc1Entry(), 'av01'), 'vide', 'av01'],
    ['sound that it does not know', renamed(mp4aEntry(), 'Opus'), 'soun', 'Opus'],
  ])('names %s', (_, entry, handler, codec) => {
    expect(readSampleEntry(entry, handler).codec).toBe(codec);
  });

  it('tells the coded size of video', () => {
    expect(readSampleEntry(avc1Entry(1920, 1080), 'vide')).toMatchObject({ width: 1920, height: 1080 });
  });

  it.each([
    ['encrypted video', renamed(avc1Entry(), 'encv'), 'vide', 'CodecUnsupported'],
    ['media in another file', patched(avc1Entry(), 15, 2), 'vide', 'SegmentCorrupt'],
    ['avc1 without avcC', renamed(hvc1Entry(), 'avc1'), 'vide', 'SegmentCorrupt'],
    ['an avcC of another version', patched(avc1Entry(), 94, 7), 'vide', 'SegmentCorrupt'],
    ['an esds without a decoder configuration', patched(mp4aEntry(), 56, 9), 'soun', 'SegmentCorrupt'],
    [
      'an entry without its fields',
      BoxWriter.toBytes((w) => {
        w.box('avc1', () => {
          w.zeros(8);
        });
      }),
      'vide',
      'SegmentCorrupt',
    ],
  ])('refuses %s', (_, entry, handler, code) => {
    expect(refusalOf(() => readSampleEntry(entry, handler)).code).toBe(code);
  });
});
