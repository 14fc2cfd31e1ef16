import { BoxWriter } from '../bytes/box-writer';
import { writeMfhd } from '../box/mfhd';
import { openBox } from '../box/box';
import { writeTfhd, type Tfhd } from '../box/tfhd';
import { writeTrun, type Trun } from '../box/trun';
import { readTrak } from '../box/trak';
import { refusalOf } from '../fixture/refusal';
import { avc1Entry } from '../fixture/sample-entries';
import { fragmentedSegment } from '../fixture/segment';
import { FragmentReader } from './fragments';
import { MediaData } from './media-data';
import { sampleOffsets } from './sample-offsets';
import type { SampleTable } from './sample-table';
import type { TrackKind } from './track';
import { TrackReading } from './track-reading';

const NON_SYNC = 0x10000;
const MOOF_AT = 1000;
const OBJECT_BYTES = 100_000;
const TREX = { trackId: 1, descriptionIndex: 1, duration: 40, size: 7, flags: NON_SYNC };

interface Traf {
  readonly tfhd: Partial<Tfhd>;
  readonly truns: readonly Trun[];
}

/** Reads one moof at byte 1000 whose trafs are as given; track 1 is wanted, others are not. */
function read(...trafs: readonly Traf[]): SampleTable {
  return readAs('video', ...trafs);
}

function readAs(kind: TrackKind, ...trafs: readonly Traf[]): SampleTable {
  const bytes = BoxWriter.toBytes((w) => {
    w.box('moof', () => {
      writeMfhd(w, 1);
      for (const { tfhd, truns } of trafs) {
        w.box('traf', () => {
          writeTfhd(w, { trackId: 1, defaultBaseIsMoof: false, ...tfhd });
          truns.forEach((trun) => {
            writeTrun(w, trun);
          });
        });
      }
    });
  });
  const track = new TrackReading(kind, someTrak(), OBJECT_BYTES);
  const media = new MediaData([{ type: 'mdat', offset: 0, sizeBytes: OBJECT_BYTES }], OBJECT_BYTES);
  const trexes = new Map([[1, TREX]]);
  new FragmentReader([track], trexes, media).read(
    { type: 'moof', offset: MOOF_AT, sizeBytes: bytes.length },
    bytes,
  );
  return track.table.build();
}

function someTrak() {
  const video = { trackId: 1, kind: 'video', timescale: 1000, sampleEntry: avc1Entry() } as const;
  const bytes = Buffer.from(fragmentedSegment([video], []));
  const start = bytes.indexOf('trak') - 4;
  return readTrak(openBox(bytes.subarray(start, start + bytes.readUInt32BE(start)), 'trak'));
}

const sizes = (...values: number[]) => ({ count: values.length, sizes: Uint32Array.from(values) });

describe('where a fragment says that its samples lie', () => {
  it.each<[string, Traf[], number[]]>([
    [
      'from the moof',
      [{ tfhd: { defaultBaseIsMoof: true }, truns: [{ ...sizes(5, 5), dataOffset: 300 }] }],
      [1300, 1305],
    ],
    ['from the moof when nothing is said', [{ tfhd: {}, truns: [{ ...sizes(5), dataOffset: 300 }] }], [1300]],
    [
      'from a byte of the object',
      [{ tfhd: { baseDataOffset: 5000 }, truns: [{ ...sizes(5), dataOffset: 20 }] }],
      [5020],
    ],
    [
      'behind the run before',
      [{ tfhd: { defaultBaseIsMoof: true }, truns: [{ ...sizes(5, 6), dataOffset: 300 }, sizes(1)] }],
      [1300, 1305, 1311],
    ],
    [
      'behind the data of another track before',
      [
        { tfhd: { trackId: 9 }, truns: [{ ...sizes(30, 40), dataOffset: 200 }] },
        { tfhd: {}, truns: [sizes(5)] },
      ],
      [1270],
    ],
    [
      'behind samples of another track that have one size',
      [
        { tfhd: { trackId: 9, size: 8 }, truns: [{ count: 4, dataOffset: 200 }] },
        { tfhd: {}, truns: [sizes(5)] },
      ],
      [1232],
    ],
    [
      'from the moof although another track comes before',
      [
        { tfhd: { trackId: 9, defaultBaseIsMoof: true }, truns: [{ ...sizes(30), dataOffset: 200 }] },
        { tfhd: { defaultBaseIsMoof: true }, truns: [{ ...sizes(5), dataOffset: 230 }] },
      ],
      [1230],
    ],
  ])('is %s', (_, trafs, offsets) => {
    expect([...sampleOffsets(read(...trafs))]).toEqual(offsets);
  });
});

describe('what a fragment leaves unsaid', () => {
  const facts = (table: SampleTable) => [[...table.sizes], [...table.durations], [...table.syncs]];

  it('follows from trex', () => {
    expect(facts(read({ tfhd: {}, truns: [{ count: 2 }] }))).toEqual([
      [7, 7],
      [40, 40],
      [0, 0],
    ]);
  });

  it('follows from tfhd before trex', () => {
    expect(facts(read({ tfhd: { size: 3, duration: 20, flags: 0 }, truns: [{ count: 2 }] }))).toEqual([
      [3, 3],
      [20, 20],
      [1, 1],
    ]);
  });

  it('is not needed where the run says it', () => {
    const run = {
      durations: Uint32Array.of(1, 2),
      flags: Uint32Array.of(0, NON_SYNC),
      ...sizes(8, 9),
    };
    expect(facts(read({ tfhd: { size: 3, duration: 20 }, truns: [run] }))).toEqual([
      [8, 9],
      [1, 2],
      [1, 0],
    ]);
  });

  it('lets the first sample be the only sync sample', () => {
    expect(facts(read({ tfhd: {}, truns: [{ count: 3, firstSampleFlags: 0 }] }))[2]).toEqual([1, 0, 0]);
  });

  it('takes a picture that depends on others for none that decoding can start at', () => {
    const flags = Uint32Array.of(0x0200_0000, 0x0100_0000, 0x0101_0000, 0);
    expect(facts(read({ tfhd: {}, truns: [{ count: 4, flags }] }))[2]).toEqual([1, 0, 0, 1]);
  });

  it('takes sound of one frame a sample in samples of 20 ms', () => {
    const sound = { tfhd: { size: 4, duration: 1 }, truns: [{ count: 45 }, { count: 20 }] };
    expect(facts(readAs('audio', sound))).toEqual([
      [80, 80, 20, 80],
      [20, 20, 5, 20],
      [1, 1, 1, 1],
    ]);
  });

  it('is nothing for runs without samples', () => {
    expect(read({ tfhd: {}, truns: [{ count: 0 }] }).count).toBe(0);
  });

  it('cannot make more samples than the object has bytes', () => {
    const run = { tfhd: { size: 0 }, truns: [{ count: OBJECT_BYTES + 1 }] };
    expect(refusalOf(() => read(run)).message).toBe(
      'trun box claims 100001 samples in an object of 100000 bytes',
    );
  });
});
