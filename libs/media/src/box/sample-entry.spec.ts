import { BoxWriter } from '../bytes/box-writer';
import { avc1Entry, hvc1Entry, mp4aEntry, soundEntry, videoEntry } from '../fixture/sample-entries';
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
    ['AV1', videoEntry('av01', 'av1C', [0x81, 0x08, 0, 0]), 'vide', 'av01.0.08M.08'],
    [
      'AV1 of 10 bits and the high tier',
      videoEntry('av01', 'av1C', [0x81, 0x2d, 0xc0]),
      'vide',
      'av01.1.13H.10',
    ],
    ['VP9', videoEntry('vp09', 'vpcC', [1, 0, 0, 0, 2, 31, 0xa0]), 'vide', 'vp09.02.31.10'],
    ['VP8 without a configuration', videoEntry('vp08'), 'vide', 'vp08'],
    ['a codec it does not know', videoEntry('jpeg'), 'vide', 'jpeg'],
    ['a type that every object has a member of', videoEntry('toSt'), 'vide', 'toSt'],
    ...[
      'Opus',
      'fLaC',
      'ac-3',
      'ec-3',
      'alac',
      '.mp3',
      'alaw',
      'ulaw',
      'sowt',
      'twos',
      'lpcm',
      'ipcm',
      'fpcm',
    ].map((type): [string, Uint8Array, string, string] => [type, soundEntry(type), 'soun', type]),
  ])('names %s', (_, entry, handler, codec) => {
    expect(readSampleEntry(entry, handler).codec).toBe(codec);
  });

  it('tells the coded size of video', () => {
    expect(readSampleEntry(avc1Entry(1920, 1080), 'vide')).toMatchObject({ width: 1920, height: 1080 });
  });

  it.each([
    ['encrypted video', renamed(avc1Entry(), 'encv'), 'vide', 'CodecUnsupported'],
    ['encrypted sound', soundEntry('enca'), 'soun', 'CodecUnsupported'],
    ['media of a second data reference', patched(avc1Entry(), 15, 2), 'vide', 'CodecUnsupported'],
    ['an av1C of another version', videoEntry('av01', 'av1C', [0x82, 0, 0]), 'vide', 'SegmentCorrupt'],
    ['avc1 without avcC', renamed(hvc1Entry(), 'avc1'), 'vide', 'SegmentCorrupt'],
    ['an avcC of another version', patched(avc1Entry(), 94, 7), 'vide', 'SegmentCorrupt'],
    ['an esds without a decoder configuration', patched(mp4aEntry(), 56, 9), 'soun', 'SegmentCorrupt'],
    [
      'an entry without its fields',
      BoxWriter.toBytes((w) => {
        w.box('avc1', () => {
          w.zeros(6);
          w.u16(1);
        });
      }),
      'vide',
      'SegmentCorrupt',
    ],
  ])('refuses %s', (_, entry, handler, code) => {
    expect(refusalOf(() => readSampleEntry(entry, handler)).code).toBe(code);
  });
});
