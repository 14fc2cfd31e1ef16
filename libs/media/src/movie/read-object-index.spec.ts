import { avc1Entry, mp4aEntry } from '../fixture/sample-entries';
import { indexBytes } from '../fixture/index-bytes';
import { refusalOf } from '../fixture/refusal';
import {
  fragmentedSegment,
  progressiveSegment,
  type FixtureSample,
  type FixtureTrack,
  type FixtureTraf,
} from '../fixture/segment';
import { BoxCollector } from './box-collector';
import { readObjectIndex } from './read-object-index';
import type { TrackIndex } from './track';

const VIDEO: FixtureTrack = { trackId: 1, kind: 'video', timescale: 1000, sampleEntry: avc1Entry() };
const AUDIO: FixtureTrack = { trackId: 2, kind: 'audio', timescale: 48_000, sampleEntry: mp4aEntry() };
const sync = (size: number, duration = 100): FixtureSample => ({ size, duration });
const delta = (size: number, duration = 100): FixtureSample => ({ size, duration, isSync: false });
const sound = (size: number): FixtureSample => ({ size, duration: 1024 });
const traf = (trackId: number, decodeTime: bigint | undefined, ...runs: FixtureSample[][]): FixtureTraf => ({
  trackId,
  runs,
  ...(decodeTime === undefined ? {} : { decodeTime }),
});

function columns(track: TrackIndex | undefined): Record<string, number[]> {
  const { count, ...rest } = track!.samples;
  return {
    count: [count],
    ...Object.fromEntries(Object.entries(rest).map(([name, column]) => [name, [...column]])),
  };
}

describe('readObjectIndex of fragments', () => {
  const twoFragments = (second: bigint | undefined): FixtureTraf[][] => [
    [traf(1, 5000n, [sync(10), delta(3)], [delta(4)])],
    [traf(1, second, [sync(9), delta(2)])],
  ];

  it('joins runs that lie together and starts a chunk with each fragment', () => {
    const [video] = indexBytes(fragmentedSegment([VIDEO], twoFragments(5300n))).tracks;
    expect(columns(video)).toMatchObject({
      count: [5],
      sizes: [10, 3, 4, 9, 2],
      syncs: [1, 0, 0, 1, 0],
      chunkSampleCounts: [3, 2],
    });
  });

  it.each([
    ['lengthens the sample before a hole', 5350n, [100, 100, 150, 100, 100]],
    ['shortens the sample before an overlap', 5270n, [100, 100, 70, 100, 100]],
    ['goes on where the fragment before ended when none says when', undefined, [100, 100, 100, 100, 100]],
  ])('%s', (_, second, durations) => {
    const [video] = indexBytes(fragmentedSegment([VIDEO], twoFragments(second))).tracks;
    expect(columns(video)['durations']).toEqual(durations);
  });

  it('lets a last sample without a duration last as long as the one before it', () => {
    const open = [[traf(1, 0n, [sync(10, 80), delta(3, 80), delta(4, 0)])]];
    expect(columns(indexBytes(fragmentedSegment([VIDEO], open)).tracks[0])['durations']).toEqual([
      80, 80, 80,
    ]);
  });

  it('takes fragments of one sample each, and lets a lone one without a duration last a millisecond', () => {
    const one = (at: bigint, duration: number) => [traf(1, at, [sync(10, duration)])];
    const tick = { ...VIDEO, timescale: 90_000 };
    expect(columns(indexBytes(fragmentedSegment([tick], [one(0n, 0)])).tracks[0])['durations']).toEqual([90]);
    const many = indexBytes(fragmentedSegment([tick], [one(0n, 0), one(3600n, 0), one(9000n, 0)]));
    expect(columns(many.tracks[0])['durations']).toEqual([3600, 5400, 5400]);
  });

  it('keeps signed composition offsets, and pictures that lead a sync sample', () => {
    const frame = (offset: number, isSync = false): FixtureSample => ({
      size: 1,
      duration: 100,
      offset,
      isSync,
    });
    const open = [[traf(1, 0n, [frame(0, true), frame(200), frame(-100), frame(100, true), frame(-200)])]];
    const [video] = indexBytes(fragmentedSegment([VIDEO], open)).tracks;
    expect(columns(video)).toMatchObject({
      compositionOffsets: [0, 200, -100, 100, -200],
      syncs: [1, 0, 0, 1, 0],
    });
  });

  it.each([
    ['before the last sample began', 5199n],
    ['49 days on', 5300n + 2n ** 32n],
  ])('refuses a fragment that is %s', (_, second) => {
    expect(refusalOf(() => indexBytes(fragmentedSegment([VIDEO], twoFragments(second)))).message).toMatch(
      /^tfdt box/,
    );
  });

  it('takes tracks in any order, video first, and the sound of a later fragment', () => {
    const bytes = fragmentedSegment(
      [AUDIO, VIDEO],
      [
        [traf(2, 0n, [sound(5), sound(6)]), traf(1, 0n, [sync(10)])],
        [traf(2, 2048n, [sound(7)]), traf(1, 100n, [sync(8)])],
      ],
    );
    const { tracks } = indexBytes(bytes);
    expect(tracks.map(({ kind }) => kind)).toEqual(['video', 'audio']);
    expect(columns(tracks[1])).toMatchObject({ sizes: [5, 6, 7], chunkSampleCounts: [2, 1] });
  });

  it('keeps differences exact where recorders count from 1970 in 10 MHz', () => {
    const epoch = 17_600_000_000_000_001n;
    const video = { ...VIDEO, timescale: 10_000_000 };
    const audio = { ...AUDIO, timescale: 10_000_000 };
    const { tracks } = indexBytes(
      fragmentedSegment([video, audio], [[traf(1, epoch, [sync(1)]), traf(2, epoch + 7n, [sound(1)])]]),
    );
    expect(tracks.map(({ decodeStart }) => decodeStart)).toEqual([0, 7]);
  });

  it('leaves out a declared track that has no samples', () => {
    expect(indexBytes(fragmentedSegment([VIDEO, AUDIO], [[traf(1, 0n, [sync(1)])]])).tracks).toHaveLength(1);
  });

  it('takes every audio sample as one that decoding can start at', () => {
    const bytes = fragmentedSegment([AUDIO], [[traf(2, 0n, [{ ...sound(5), isSync: false }])]]);
    expect(columns(indexBytes(bytes).tracks[0])['syncs']).toEqual([1]);
  });

  it.each([
    [
      'video that begins between sync samples',
      [[traf(1, 0n, [delta(3), sync(9)])]],
      'does not begin with a sync',
    ],
    ['no samples at all', [], 'no samples'],
  ])('refuses %s', (_, fragments, message) => {
    expect(refusalOf(() => indexBytes(fragmentedSegment([VIDEO], fragments))).message).toContain(message);
  });

  it('refuses bytes behind the end of the object', () => {
    const collector = new BoxCollector();
    const bytes = fragmentedSegment([VIDEO], [[traf(1, 0n, [sync(1)])]]);
    collector.push(bytes);
    const boxes = collector.finish();
    expect(refusalOf(() => readObjectIndex(boxes, bytes.length - 1)).code).toBe('SegmentTruncated');
  });
});

describe('readObjectIndex of a progressive file', () => {
  const pictures = [
    { size: 10, duration: 100, offset: 200 },
    { size: 2, duration: 100, offset: 400, isSync: false },
    { size: 3, duration: 100, offset: 100, isSync: false },
  ];
  const video = { ...VIDEO, chunks: [pictures, [sync(7)]] };
  const audio = { ...AUDIO, chunks: [[sound(5)], [sound(6), sound(6)]] };

  it('writes the run-length tables out', () => {
    const { tracks } = indexBytes(progressiveSegment([video, audio]));
    expect(columns(tracks[0])).toMatchObject({
      sizes: [10, 2, 3, 7],
      durations: [100, 100, 100, 100],
      compositionOffsets: [200, 400, 100, 0],
      syncs: [1, 0, 0, 1],
      chunkSampleCounts: [3, 1],
    });
    expect(columns(tracks[1])).toMatchObject({ sizes: [5, 6, 6], chunkSampleCounts: [1, 2] });
  });

  it('finds samples where they lie', () => {
    const bytes = progressiveSegment([video, audio]);
    const mediaStart = bytes.length - 15 - 5 - 7 - 12;
    const { tracks } = indexBytes(bytes);
    expect(columns(tracks[0])['chunkOffsets']).toEqual([mediaStart, mediaStart + 20]);
    expect(columns(tracks[1])['chunkOffsets']).toEqual([mediaStart + 15, mediaStart + 27]);
  });

  it('joins chunks that lie together', () => {
    const alone = { ...VIDEO, chunks: [[sync(1)], [sync(2)], [sync(3)]] };
    expect(columns(indexBytes(progressiveSegment([alone])).tracks[0])['chunkSampleCounts']).toEqual([3]);
  });

  it('counts decode times from the first frame that is shown', () => {
    const shifted = { ...video, chunks: [pictures] };
    expect(indexBytes(progressiveSegment([shifted])).tracks[0]?.decodeStart).toBe(-200);
  });

  it.each([
    ['skips encoder delay', [{ segmentDuration: 1000, mediaTime: 1024 }], -1024],
    [
      'waits for an empty edit',
      [
        { segmentDuration: 250, mediaTime: -1 },
        { segmentDuration: 1, mediaTime: 0 },
      ],
      12_000,
    ],
    ['has no edit', undefined, 0],
  ])('places sound that %s', (_, edits, decodeStart) => {
    const plain = { ...VIDEO, chunks: [[sync(1)]] };
    const moved = { ...audio, ...(edits && { edits }) };
    expect(indexBytes(progressiveSegment([plain, moved])).tracks[1]?.decodeStart).toBe(decodeStart);
  });

  it('takes the edit list of the pictures into account', () => {
    const cut = { ...video, edits: [{ segmentDuration: 400, mediaTime: 200 }] };
    // The picture at 200 is at 0 of the movie; so is the sound at 0.
    expect(indexBytes(progressiveSegment([cut, audio])).tracks.map((t) => t.decodeStart)).toEqual([-200, 0]);
  });

  it('reads what the track is', () => {
    const [track] = indexBytes(progressiveSegment([video])).tracks;
    expect(track).toMatchObject({
      codec: 'avc1.64001f',
      width: 320,
      height: 240,
      timescale: 1000,
      language: 'und',
    });
    expect(track?.sampleEntry).toEqual(avc1Entry());
  });
});

/** Finds the body of the n-th box of a type and changes a 32-bit word in it. */
function withWord(bytes: Uint8Array, type: string, at: number, value: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, copy.indexOf(type, 0, 'latin1') + 4 + at);
  return copy;
}

/** Puts a box first into the only minf, in a moov whose chunks lie behind it. */
function withBoxInMinf(bytes: Uint8Array, box: Uint8Array): Uint8Array {
  const source = Buffer.from(bytes);
  const at = source.indexOf('minf') + 4;
  const longer = Buffer.concat([source.subarray(0, at), box, source.subarray(at)]);
  for (const type of ['moov', 'trak', 'mdia', 'minf']) {
    const start = longer.indexOf(type) - 4;
    longer.writeUInt32BE(longer.readUInt32BE(start) + box.length, start);
  }
  const chunks = longer.indexOf('stco') + 8;
  for (let i = 1; i <= longer.readUInt32BE(chunks); i++) {
    longer.writeUInt32BE(longer.readUInt32BE(chunks + 4 * i) + box.length, chunks + 4 * i);
  }
  return longer;
}

describe('readObjectIndex of contradictions', () => {
  const plain = progressiveSegment([
    {
      ...VIDEO,
      chunks: [
        [
          { ...sync(10), offset: 5 },
          { ...delta(3), offset: 5 },
        ],
        [{ ...sync(7), offset: 5 }],
      ],
    },
  ]);
  const fragmented = fragmentedSegment([VIDEO], [[traf(1, 0n, [sync(10), delta(3)])]]);

  it.each([
    ['stts of fewer samples', plain, 'stts', 8, 0, 'SegmentCorrupt'],
    ['stts of more samples', plain, 'stts', 8, 9, 'SegmentCorrupt'],
    ['stts of 2^32 samples', plain, 'stts', 8, 0xffff_ffff, 'SegmentCorrupt'],
    ['ctts of fewer samples', plain, 'ctts', 8, 0, 'SegmentCorrupt'],
    ['stss of a sample that is not there', plain, 'stss', 8, 4, 'SegmentCorrupt'],
    ['stss of sample 0', plain, 'stss', 8, 0, 'SegmentCorrupt'],
    ['stsc that begins with chunk 2', plain, 'stsc', 8, 2, 'SegmentCorrupt'],
    ['stsc of empty chunks', plain, 'stsc', 12, 0, 'SegmentCorrupt'],
    ['stsc of more samples', plain, 'stsc', 12, 900, 'SegmentCorrupt'],
    ['stsc of fewer samples', plain, 'stsc', 12, 1, 'SegmentCorrupt'],
    ['stsc that changes the sample entry', plain, 'stsc', 28, 2, 'CodecUnsupported'],
    ['stsc of sample description 0', plain, 'stsc', 16, 0, 'SegmentCorrupt'],
    ['stsc of a chunk that is not there', plain, 'stsc', 20, 77, 'SegmentCorrupt'],
    ['stsz of one huge size for all', plain, 'stsz', 4, 0xffff_ffff, 'SegmentCorrupt'],
    ['stsz of more samples', plain, 'stsz', 8, 0xffff_fff0, 'SegmentCorrupt'],
    ['a sample that reaches behind the object', plain, 'stsz', 12, 50_000, 'SegmentTruncated'],
    ['a chunk outside mdat', plain, 'stco', 8, 12, 'SegmentCorrupt'],
    ['a chunk behind the object', plain, 'stco', 8, 0xffff_ffff, 'SegmentTruncated'],
    ['a movie timescale of 0', plain, 'mvhd', 12, 0, 'SegmentCorrupt'],
    ['a track timescale of 0', plain, 'mdhd', 12, 0, 'SegmentCorrupt'],
    ['a stbl that claims more than its minf', plain, 'minf', 0, 0xffff_ffff, 'SegmentCorrupt'],
    ['a trun of 2^32 samples', fragmented, 'trun', 4, 0xffff_ffff, 'SegmentCorrupt'],
    ['a trun before the object', fragmented, 'trun', 8, 0x8000_0000, 'SegmentCorrupt'],
    ['a trun behind the object', fragmented, 'trun', 8, 0x7fff_ffff, 'SegmentTruncated'],
    ['a fragment of an unknown version', fragmented, 'tfdt', 0, 0x0900_0000, 'SegmentCorrupt'],
    ['a track without trex', fragmented, 'trex', 4, 9, 'SegmentCorrupt'],
    ['a sample entry that is not there', fragmented, 'trex', 8, 3, 'SegmentCorrupt'],
  ] as const)('refuses %s', (_, bytes, type, at, value, code) => {
    const refusal = refusalOf(() => indexBytes(withWord(bytes, type, at, value)));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(/\b(st..|ctts|m.hd|minf|tr..|tf..)\b/);
  });

  it('refuses samples that begin in mdat and end behind it', () => {
    const free = Buffer.from('0000001066726565' + '00'.repeat(8), 'hex');
    const longer = withWord(plain, 'stsz', 20, 9);
    expect(refusalOf(() => indexBytes(Buffer.concat([longer, free]))).message).toContain(
      'outside every mdat box',
    );
  });

  it.each([
    ['takes', 'says is in it', 1],
    ['refuses', 'says is in another file', 0],
  ])('%s media that a dref box %s', (verb, _, flags) => {
    const dref = Buffer.from(`0000001c6472656600000000000000010000000c75726c200000000${flags}`, 'hex');
    const dinf = Buffer.concat([Buffer.from('0000002464696e66', 'hex'), dref]);
    const index = (): unknown => indexBytes(withBoxInMinf(plain, dinf));
    if (verb === 'takes') {
      expect(index).not.toThrow();
    } else {
      expect(refusalOf(index)).toMatchObject({ code: 'CodecUnsupported', details: { box: 'dref' } });
    }
  });

  it('refuses an object without a moov', () => {
    const media = fragmented.subarray(Buffer.from(fragmented).indexOf('moof') - 4);
    expect(refusalOf(() => indexBytes(media)).message).toContain('moov');
  });

  it('takes the same moov twice and refuses another', () => {
    expect(indexBytes(Buffer.concat([fragmented, fragmented.subarray(0, 0)])).tracks).toHaveLength(1);
    const otherMoov = fragmentedSegment([VIDEO, AUDIO], []);
    expect(refusalOf(() => indexBytes(Buffer.concat([fragmented, otherMoov]))).message).toContain(
      'comes twice',
    );
  });
});
