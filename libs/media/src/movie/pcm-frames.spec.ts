import { writeStco } from '../box/stco';
import { writeStsc } from '../box/stsc';
import { writeStsd } from '../box/stsd';
import { writeStts } from '../box/stts';
import { openBox } from '../box/box';
import { readStbl, type Stbl } from '../box/stbl';
import { readSampleEntry } from '../box/sample-entry';
import { BoxWriter } from '../bytes/box-writer';
import { refusalOf } from '../fixture/refusal';
import { avc1Entry, soundEntry } from '../fixture/sample-entries';
import { MediaData } from './media-data';
import { expandFrames, tellsOfFrames } from './pcm-frames';
import { SampleTableBuilder } from './sample-table-builder';

const OBJECT_BYTES = 10_000;

/** Sound at 8 kHz whose chunks have so many frames, from byte 100 on, 1000 bytes apart. */
function soundOf(
  frames: readonly number[],
  sizeInStsz: number,
  entry = soundEntry('alaw'),
  duration = 1,
): Stbl {
  const count = frames.reduce((sum, chunk) => sum + chunk, 0);
  const bytes = BoxWriter.toBytes((w) => {
    w.box('stbl', () => {
      writeStsd(w, [entry]);
      writeStts(w, Uint32Array.of(count, duration));
      writeStsc(w, Uint32Array.from(frames.flatMap((chunk, i) => [i + 1, chunk, 1])));
      w.fullBox('stsz', 0, 0, () => {
        w.u32(sizeInStsz);
        w.u32(count);
      });
      writeStco(
        w,
        Uint32Array.from(frames, (_, i) => 100 + 1000 * i),
      );
    });
  });
  return readStbl(openBox(bytes, 'stbl'));
}

function expand(stbl: Stbl) {
  const table = new SampleTableBuilder(OBJECT_BYTES);
  const media = new MediaData([{ type: 'mdat', offset: 0, sizeBytes: OBJECT_BYTES }], OBJECT_BYTES);
  const { packing } = readSampleEntry(stbl.sampleEntries[0] ?? avc1Entry(), 'soun');
  expandFrames(stbl, packing, 8000, media, table);
  return table.build();
}

describe('sound with a sample for each frame', () => {
  it('is taken in samples of 20 ms that keep to their chunks', () => {
    const table = expand(soundOf([400, 160, 1], 1));
    expect([...table.durations]).toEqual([160, 160, 80, 160, 1]);
    expect([...table.sizes]).toEqual([160, 160, 80, 160, 1]);
    expect([...table.syncs]).toEqual([1, 1, 1, 1, 1]);
    expect([...table.chunkOffsets]).toEqual([100, 1100, 2100]);
    expect([...table.chunkSampleCounts]).toEqual([3, 1, 1]);
  });

  it.each([
    ['stsz', soundOf([10], 4), 40],
    ['the sample entry where stsz only says 1', soundOf([10], 1, soundEntry('sowt', { channels: 2 })), 40],
    [
      'a QuickTime entry where stsz only says 1',
      soundOf([10], 1, soundEntry('in24', { packing: { framesPerPacket: 1, frameBytes: 6 } })),
      60,
    ],
  ])('has frames of the size in %s', (_, stbl, bytes) => {
    expect([...expand(stbl).sizes]).toEqual([bytes]);
  });

  it('is refused when a codec packs several frames and no size is told', () => {
    const packed = soundEntry('ima4', { packing: { framesPerPacket: 64, frameBytes: 34 } });
    expect(refusalOf(() => expand(soundOf([640], 1, packed))).code).toBe('CodecUnsupported');
  });

  it('costs nothing for frames that have no bytes', () => {
    const refusal = refusalOf(() => expand(soundOf([4_000_000_000], 4)));
    expect(refusal.code).toBe('SegmentTruncated');
  });

  it('is told from sound whose samples have durations of their own', () => {
    expect(tellsOfFrames(soundOf([10], 4))).toBe(true);
    expect(tellsOfFrames(soundOf([10], 4, soundEntry('alaw'), 160))).toBe(false);
  });
});
