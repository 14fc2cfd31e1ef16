import { ExportError } from '@clipmesh/errors';
import fc from 'fast-check';
import { avc1Entry, mp4aEntry } from '../fixture/sample-entries';
import { printBoxes } from '../box/print-boxes';
import { indexBytes } from '../fixture/index-bytes';
import { fragmentedSegment, progressiveSegment, type FixtureTrack } from '../fixture/segment';

const samples = [
  { size: 20, duration: 100, offset: 100 },
  { size: 5, duration: 100, offset: 200, isSync: false },
];
const video: FixtureTrack = {
  trackId: 1,
  kind: 'video',
  timescale: 1000,
  sampleEntry: avc1Entry(),
  edits: [{ segmentDuration: 100, mediaTime: 100 }],
};
const audio: FixtureTrack = { trackId: 2, kind: 'audio', timescale: 48_000, sampleEntry: mp4aEntry() };
const SEEDS = [
  progressiveSegment([
    { ...video, chunks: [samples, samples] },
    { ...audio, chunks: [[{ size: 3, duration: 1024 }]] },
  ]),
  fragmentedSegment(
    [video, audio],
    [
      [
        { trackId: 1, decodeTime: 0n, runs: [samples, samples] },
        { trackId: 2, decodeTime: 0n, runs: [[{ size: 3, duration: 1024 }]] },
      ],
    ],
  ),
];
const AWKWARD = [0, 1, 7, 8, 0x7f, 0x80, 0xff];

/** A value or a refusal; anything else that is thrown, a RangeError above all, fails the property. */
function indexOrRefuse(bytes: Uint8Array): void {
  valueOrRefusal(() => indexBytes(bytes));
}

function valueOrRefusal(run: () => unknown): void {
  try {
    run();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ExportError);
    expect((thrown as ExportError).code).toMatch(/^(Segment(NotMp4|Truncated|Corrupt)|CodecUnsupported)$/);
  }
}

describe('any bytes give an index or a refusal', () => {
  it('for MP4s with some bytes changed', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.oneof(fc.constantFrom(...AWKWARD), fc.nat(255)) });
    fc.assert(
      fc.property(
        fc.constantFrom(...SEEDS),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (seed, changes) => {
          const bytes = seed.slice();
          for (const { at, byte } of changes) {
            bytes[at % bytes.length] = byte;
          }
          indexOrRefuse(bytes);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('for MP4s with a 32-bit word set to an extreme', () => {
    const words = [0, 0x7fff_ffff, 0xffff_fff0];
    for (const seed of SEEDS) {
      for (let at = 0; at + 4 <= seed.length; at++) {
        for (const word of words) {
          const bytes = Buffer.from(seed);
          bytes.writeUInt32BE(word, at);
          indexOrRefuse(bytes);
        }
      }
    }
  });

  it('for MP4s cut short anywhere', () => {
    for (const seed of SEEDS) {
      for (let length = 0; length < seed.length; length++) {
        indexOrRefuse(seed.subarray(0, length));
      }
    }
  });

  it('for noise behind a plausible beginning', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ftyp', 'moov', 'moof', 'mdat'),
        fc.uint8Array({ maxLength: 200 }),
        (type, noise) => {
          const head = Buffer.alloc(8);
          head.writeUInt32BE(noise.length + 8);
          head.write(type, 4);
          indexOrRefuse(Buffer.concat([head, noise]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('and a tree of boxes or a refusal', () => {
    const type = fc.constantFrom('moov', 'meta', 'trak', 'stsd', 'ilst', 'dref', 'free', 'abcd');
    const boxOf = ([name, body, lie]: [string, Buffer, number]): Buffer => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(body.length + 8 + (lie > 37 ? lie : 0));
      head.write(name, 4);
      return Buffer.concat([head, body]);
    };
    const leaf = fc.nat(12).map((length) => Buffer.alloc(length));
    const { tree } = fc.letrec<{ tree: Buffer }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(
            type,
            fc.array(tie('tree'), { maxLength: 3 }).map((inner) => Buffer.concat(inner)),
            fc.nat(40),
          )
          .map(boxOf),
      ),
    }));
    fc.assert(
      fc.property(tree, (bytes) => {
        valueOrRefusal(() => printBoxes(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('and boxes inside boxes a thousand deep', () => {
    let bytes = Buffer.alloc(0);
    for (let depth = 0; depth < 1000; depth++) {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(bytes.length + 8);
      head.write('moov', 4);
      bytes = Buffer.concat([head, bytes]);
    }
    expect(printBoxes(bytes).split('\n')).toHaveLength(13);
    indexOrRefuse(bytes);
  });
});
