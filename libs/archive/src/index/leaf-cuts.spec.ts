import type { ObjectIndex, SampleTable } from '@clipmesh/media';
import * as fc from 'fast-check';
import { anArchive } from '../fixture/an-archive';
import { audioSample, audioTrack, gopOf, tableOf, videoTrack, type LooseChunk } from '../fixture/tracks';
import { cutPointsOf } from './cut-points';
import { leafCuts } from './leaf-cuts';

/** Byte range of each sample. */
function placesOf(table: SampleTable): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  table.chunkOffsets.forEach((offset, chunk) => {
    let at = offset;
    for (let i = 0; i < table.chunkSampleCounts[chunk]!; i++) {
      const start = at;
      at += table.sizes[places.length]!;
      places.push({ start, end: at });
    }
  });
  return places;
}

/** GOPs of 1 to 60 frames, in fragments or interleaved frame by frame as ffmpeg's progressive files are. */
const anObject = fc
  .record({
    gops: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
    hasBFrames: fc.boolean(),
    framesPerChunk: fc.integer({ min: 1, max: 30 }),
    audioLag: fc.integer({ min: -3, max: 3 }),
    deadBytes: fc.integer({ min: 0, max: 50 }),
  })
  .map(({ gops, hasBFrames, framesPerChunk, audioLag, deadBytes }): ObjectIndex => {
    const frames = gops.flatMap((count) => gopOf(count, hasBFrames));
    const video: LooseChunk[] = [];
    const audio: LooseChunk[] = [];
    let offset = 100;
    let sounds = 0;
    for (let i = 0; i < frames.length; i += framesPerChunk) {
      offset += deadBytes;
      const samples = frames.slice(i, i + framesPerChunk);
      video.push({ offset, samples });
      offset += samples.reduce((sum, sample) => sum + sample.sizeBytes, 0);
      const until = Math.max(0, Math.ceil(((i + samples.length) * 1920) / 1024) + audioLag);
      const sound = Array.from({ length: Math.max(0, until - sounds) }, (_, k) => audioSample(sounds + k));
      if (sound.length > 0) {
        audio.push({ offset, samples: sound });
        offset += sound.reduce((sum, sample) => sum + sample.sizeBytes, 0);
        sounds += sound.length;
      }
    }
    const tracks = [videoTrack(hasBFrames ? -512 : 0, tableOf(video))];
    return {
      sizeBytes: offset + deadBytes,
      tracks: sounds > 0 ? [...tracks, audioTrack(-300, tableOf(audio))] : tracks,
    };
  });

describe('leafCuts', () => {
  it('tiles the object', () => {
    fc.assert(
      fc.property(anObject, (index) => {
        const ends = leafCuts(index);
        expect(ends.every((end, i) => end > (ends[i - 1] ?? 0))).toBe(true);
        expect(ends.at(-1)).toBe(index.sizeBytes);
      }),
    );
  });

  it('lets every slice of GOPs be taken in whole leaves that hold no picture of another GOP', () => {
    fc.assert(
      fc.property(anObject, fc.nat(), fc.nat(), (index, a, b) => {
        const cuts = cutPointsOf(index);
        const [g, h] = [a % (cuts.gopCount + 1), b % (cuts.gopCount + 1)].sort((x, y) => x - y);
        fc.pre(g! < h!);
        const ends = leafCuts(index);
        const leafOf = (byte: number) => ends.findIndex((end) => byte < end);
        const wanted = new Set<number>();
        index.tracks.forEach((track, t) => {
          for (const { start, end } of placesOf(track.samples).slice(
            cuts.tracks[t]!.firsts[g!],
            cuts.tracks[t]!.ends[h!],
          )) {
            wanted.add(leafOf(start));
            expect(leafOf(end - 1)).toBe(leafOf(start));
          }
        });
        const pictures = placesOf(index.tracks[0]!.samples);
        const strangers = pictures.filter(
          (_, i) => i < cuts.tracks[0]!.firsts[g!]! || i >= cuts.tracks[0]!.ends[h!]!,
        );
        expect(strangers.filter(({ start }) => wanted.has(leafOf(start)))).toEqual([]);
      }),
    );
  });

  it('begins a leaf with every sync sample of the video, so that bytes can go in before it', () => {
    fc.assert(
      fc.property(anObject, (index) => {
        const ends = new Set(leafCuts(index));
        const { samples } = index.tracks[0]!;
        const starts = placesOf(samples).filter((_, i) => samples.syncs[i] === 1);
        expect(starts.filter(({ start }) => !ends.has(start))).toEqual([]);
      }),
    );
  });

  it('makes one leaf a GOP when there is no sound, and one of the header', () => {
    const [segment] = anArchive().shaped({ hasAudio: false }).withSegments(1).build().segments;
    expect(segment!.leaves).toHaveLength(5);
  });

  it('makes at most four leaves a GOP with sound', () => {
    const segment = anArchive().shaped({ hasBFrames: true, gopsPerSegment: 30 }).withSegments(2).build()
      .segments[1];
    expect(segment!.leaves.length / 30).toBeLessThan(4);
  });

  it('makes one leaf of an object without samples', () => {
    expect(leafCuts({ sizeBytes: 77, tracks: [] })).toEqual([77]);
  });
});
