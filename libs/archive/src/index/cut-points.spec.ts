import { anArchive } from '../fixture/an-archive';
import { AUDIO_SAMPLE_TICKS, AUDIO_TIMESCALE, VIDEO_TIMESCALE } from '../fixture/tracks';
import { decodeTimes } from '@clipmesh/media';
import { borderBefore, borderBehind, cutPointsOf } from './cut-points';

function cutsOf(archive: ReturnType<ReturnType<typeof anArchive>['build']>) {
  const segment = archive.segments.at(-1)!;
  return { segment, cuts: cutPointsOf({ sizeBytes: segment.sizeBytes, tracks: segment.tracks }) };
}

describe('cutPointsOf', () => {
  it('cuts video at its sync samples', () => {
    const { cuts } = cutsOf(anArchive().withGopsOf(10).withSegments(1).build());
    expect([...cuts.tracks[0]!.firsts]).toEqual([0, 10, 20, 30, 40]);
    expect(cuts.gopCount).toBe(4);
  });

  it('begins the audio of a slice with the sample that sounds when its GOP is shown, on every segment', () => {
    const { segment, cuts } = cutsOf(anArchive().shaped({ hasBFrames: true }).withSegments(3).build());
    const [video, audio] = segment.tracks;
    const times = decodeTimes(audio!.samples);
    for (let g = 1; g < cuts.gopCount; g++) {
      const border = (g * 25 * 512 * AUDIO_TIMESCALE) / VIDEO_TIMESCALE;
      const first = audio!.decodeStart + times[cuts.tracks[1]!.firsts[g]!]!;
      expect(first).toBeLessThanOrEqual(border);
      expect(first + AUDIO_SAMPLE_TICKS).toBeGreaterThan(border);
    }
    expect(video!.decodeStart).toBe(-512);
  });

  it('ends the audio of a slice with the sample that sounds at its end', () => {
    const { segment, cuts } = cutsOf(anArchive().withSegments(2).build());
    const audio = segment.tracks[1]!;
    const times = decodeTimes(audio.samples);
    const last = cuts.tracks[1]!.ends[2]! - 1;
    const end = audio.decodeStart + times[last]! + AUDIO_SAMPLE_TICKS;
    expect(end).toBeGreaterThanOrEqual(2 * AUDIO_TIMESCALE);
    expect(end).toBeLessThan(2 * AUDIO_TIMESCALE + AUDIO_SAMPLE_TICKS);
  });

  it('cuts sound on its own about every second', () => {
    const { cuts } = cutsOf(anArchive().shaped({ hasVideo: false }).withSegments(1).build());
    expect([...cuts.tracks[0]!.firsts]).toEqual([0, 47, 94, 141, 188]);
  });

  it('finds the borders around a sample', () => {
    const { cuts } = cutsOf(anArchive().withGopsOf(10).withSegments(1).build());
    const [video] = cuts.tracks;
    expect([0, 9, 10, 39].map((sample) => borderBefore(video!, sample))).toEqual([0, 0, 1, 3]);
    expect([0, 9, 10, 39].map((sample) => borderBehind(video!, sample))).toEqual([1, 1, 2, 4]);
  });
});
