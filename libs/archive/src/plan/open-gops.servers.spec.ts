import { mediaTool, withTemporaryFolder } from '@clipmesh/testkit';
import { join } from 'node:path';
import { requestOf } from '../fixture/a-plan';
import {
  archiveOf,
  cutIntoSegments,
  footageRange,
  writeFootage,
  type FootageArchive,
} from '../../test/footage-archive';
import { planMovie } from './plan-movie';

/** Open GOPs: pictures behind a sync sample that are shown before it, and refer to the GOP before. */

const FRAME_MS = 40;
const folder = withTemporaryFolder();
jest.setTimeout(60_000);

/**
 * Hashes of all pictures that a player shows. Not with errors as failures: H.264 that begins in the middle of a stream
 * unmarks references that were never there, and decodes all the same.
 */
async function pictures(path: string): Promise<string[]> {
  const args = ['-v', 'fatal', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
  const { stdout } = await mediaTool('ffmpeg', args);
  const lines = stdout.split('\n').filter((line) => /^\d/.test(line));
  return lines.map((line) => line.split(',').at(-1)!.trim());
}

const ENCODERS = {
  h264: [
    '-c:v',
    'libx264',
    '-x264-params',
    'open-gop=1:keyint=26:min-keyint=26:scenecut=0:bframes=3:b-adapt=0',
  ],
  h265: [
    ...['-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params'],
    'open-gop=1:keyint=26:min-keyint=26:scenecut=0:bframes=3:b-adapt=0:log-level=error',
  ],
} as const;

describe.each(['h264', 'h265'] as const)('open GOPs of %s', (codec) => {
  let archive: FootageArchive;
  let frames: string[];

  beforeAll(async () => {
    const source = join(folder, `${codec}.mp4`);
    const footage = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25:duration=8', '-pix_fmt', 'yuv420p'];
    await mediaTool('ffmpeg', [
      '-v',
      'error',
      ...footage,
      '-preset',
      'ultrafast',
      ...ENCODERS[codec],
      source,
    ]);
    archive = await archiveOf(await cutIntoSegments(source, 2, folder, codec));
    frames = await pictures(source);
    const { samples } = archive.segments[1]!.tracks[0]!;
    // The footage is what it is meant to be: the second segment begins with pictures that lead.
    expect(samples.compositionOffsets[1]! + samples.durations[0]!).toBeLessThan(
      samples.compositionOffsets[0]!,
    );
    expect(archive.segments.length).toBeGreaterThan(2);
  });

  const shown = async (
    name: string,
    ranges: readonly (readonly [number, number])[],
    segments = archive.segments,
  ) => {
    const asked = ranges.map(([start, end]) => footageRange(start, end));
    const plan = planMovie(requestOf({ segments }, asked));
    const path = await writeFootage(join(folder, `${codec} ${name}.mp4`), plan, archive);
    return pictures(path);
  };
  const numbers = (hashes: readonly string[]): number[] => hashes.map((hash) => frames.indexOf(hash));
  const framesFrom = (start: number, end: number): number[] =>
    Array.from({ length: end - start }, (_, i) => start + i);

  it('shows exactly the frames asked for, wherever a range begins', async () => {
    const starts = (archive.segments[1]!.startMs - archive.segments[0]!.startMs) / FRAME_MS;
    for (const first of [starts - 2, starts - 1, starts, starts + 1, starts + 2, starts + 3, 40]) {
      const start = Math.round(first);
      const range = [start * FRAME_MS, (start + 30) * FRAME_MS] as const;
      expect(numbers(await shown(`from ${String(start)}`, [range]))).toEqual(framesFrom(start, start + 30));
    }
  });

  it('shows no picture at an inner seam that lacks its references', async () => {
    const found = numbers(
      await shown('seam', [
        [0, 1000],
        [5400, 6400],
      ]),
    );
    expect(found).not.toContain(-1);
    expect(found.slice(-25)).toEqual(framesFrom(135, 160));
    expect(found.slice(0, 25)).toEqual(framesFrom(0, 25));
  });

  it('shows no picture behind a gap that lacks its references', async () => {
    const [first, , third] = archive.segments;
    const segments = [first!, third!];
    expect(planMovie(requestOf({ segments }, [footageRange(0, 6000)])).warnings).toMatchObject([
      { code: 'GapsClosed' },
      { code: 'OpenGopEntered' },
    ]);
    const found = numbers(await shown('gap', [[0, 6000]], segments));
    expect(found).not.toContain(-1);
    // Not in which order: a decoder of H.264 counts pictures on from before the gap where no IDR picture stands behind it.
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((number) => number > 100).length).toBeGreaterThan(30);
  });
});
