import { layOutMovie, verifyLaidOutHeader, wallTime, type TimeRange } from '@clipmesh/media';
import { frameHashes, makeFootage, mediaTool, probePackets, withTemporaryFolder } from '@clipmesh/testkit';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requestOf } from '../fixture/a-plan';
import { LeafHasher } from '../index/leaf-hasher';
import type { SegmentEntry } from '../index/segment-entry';
import { SegmentIndexer, type ObjectFindings } from '../index/segment-indexer';
import { FileVerifier } from '../manifest/file-verifier';
import { makeManifest } from '../manifest/manifest';
import { decodeIndexObject, encodeIndexObject } from '../catalog/catalog-codec';
import { EncodeClock } from '../encoding/encode-clock';
import { joinMovie } from '../encoding/join-movie';
import type { MoviePlan } from './movie-plan';
import { decodeMoviePlan, encodeMoviePlan } from './plan-codec';
import { planMovie } from './plan-movie';
import type { PlanRequest } from './plan-request';
import { toMovie } from './plan-to-movie';
import { planOfFirstGop, planOfLastGop, planOfWindow } from './sub-plan';

/** Real footage, cut into segments by ffmpeg, planned and laid out by us, and judged by ffmpeg. */

const START_MS = wallTime(Date.UTC(2026, 10, 1, 6));
const FRAME_MS = 40;
const SEGMENT_MS = 4000;
const folder = withTemporaryFolder();

// delay_moov: without it ffmpeg begins every track at 0 and forgets how far sound and picture were apart.
const LAYOUTS = {
  fragmented: 'movflags=+frag_keyframe+delay_moov+default_base_moof',
  progressive: 'movflags=+faststart',
} as const;

interface Recorded {
  readonly source: string;
  readonly segments: readonly SegmentEntry[];
  readonly objects: ReadonlyMap<string, Buffer>;
}

function findings(bytes: Buffer, chunkBytes = 10_000, keepBytes?: number): ObjectFindings {
  const indexer = new SegmentIndexer(keepBytes === undefined ? {} : { keepBytes });
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    indexer.push(bytes.subarray(at, at + chunkBytes));
  }
  return indexer.finish();
}

function entryOf(key: string, bytes: Buffer, startMs: number): SegmentEntry {
  const { index, leaves, sha256, sizeBytes } = findings(bytes);
  return {
    ...{ bucket: 'archive', key, etag: key, sizeBytes, sha256, leaves: leaves!, tracks: index.tracks },
    startMs: wallTime(startMs),
    endMs: wallTime(startMs + SEGMENT_MS),
    indexedAtMs: START_MS,
  };
}

/** Twelve seconds in three segments, through the codec of index objects. */
async function record(layout: keyof typeof LAYOUTS): Promise<Recorded> {
  const source = join(folder, `${layout}.source.mp4`);
  await makeFootage({ path: source, seconds: 12, bFrames: 2, audio: true });
  await mediaTool('ffmpeg', [
    ...[
      '-v',
      'error',
      '-i',
      source,
      '-c',
      'copy',
      '-f',
      'segment',
      '-segment_time',
      '4',
      '-segment_format',
      'mp4',
    ],
    ...[
      '-segment_format_options',
      LAYOUTS[layout],
      '-reset_timestamps',
      '1',
      join(folder, `${layout}-%d.mp4`),
    ],
  ]);
  const names = (await readdir(folder))
    .filter((name) => new RegExp(`^${layout}-\\d\\.mp4$`).test(name))
    .sort();
  const objects = new Map<string, Buffer>();
  for (const name of names) {
    objects.set(name, await readFile(join(folder, name)));
  }
  const entries = names.map((name, i) => entryOf(name, objects.get(name)!, START_MS + i * SEGMENT_MS));
  expect(entries).toHaveLength(3);
  return { source, objects, segments: decodeIndexObject(encodeIndexObject(entries)) };
}

const range = (startMs: number, endMs: number): TimeRange => ({
  startMs: wallTime(START_MS + startMs),
  endMs: wallTime(START_MS + endMs),
});

/** Writes a plan as a file, through its stored form, and holds the file against its manifest. */
async function write(
  name: string,
  given: MoviePlan,
  { objects }: Pick<Recorded, 'objects'>,
): Promise<string> {
  const plan = decodeMoviePlan(encodeMoviePlan(given));
  const movie = toMovie(plan);
  const layout = layOutMovie(movie);
  const file = Buffer.concat(
    layout.spans.map((span) =>
      span.kind === 'inline'
        ? span.bytes
        : objects.get(plan.objects[span.object]!.key)!.subarray(span.offset, span.offset + span.length),
    ),
  );
  expect(file).toHaveLength(layout.sizeBytes);
  const read = (offset: number, length: number) => Promise.resolve(file.subarray(offset, offset + length));
  await verifyLaidOutHeader(read, movie, layout);
  const verifier = new FileVerifier(
    makeManifest({
      plan,
      layout,
      job: { id: 'j', name: 'clip', topologyName: 'original' },
      output: { videoName: 'clip', bucket: 'exports', key: 'clip', etag: 'e', sizeBytes: file.length },
    }),
  );
  verifier.push(file);
  verifier.finish();
  const path = join(folder, name);
  await writeFile(path, file);
  return path;
}

/** Packets of sound, undecoded: a decoder of AAC makes noise of its own. */
async function soundOf(path: string): Promise<{ readonly hash: string; readonly pts: number }[]> {
  const packets = await probePackets(path, 'a:0');
  const { stdout } = await mediaTool('ffmpeg', [
    ...[
      '-v',
      'error',
      '-ignore_editlist',
      '1',
      '-i',
      path,
      '-map',
      '0:a',
      '-c',
      'copy',
      '-f',
      'framemd5',
      '-',
    ],
  ]);
  const lines = stdout.split('\n').filter((line) => /^\d/.test(line));
  // ffprobe leaves out what lies wholly behind the edit list's end.
  return packets.map(({ pts }, i) => ({ hash: lines[i]!.split(',').at(-1)!.trim(), pts }));
}

const hashes = (frames: readonly { readonly hash: string }[]): string[] => frames.map(({ hash }) => hash);

describe.each(['fragmented', 'progressive'] as const)('a plan over %s segments', (layout) => {
  let recorded: Recorded;
  let sourceHashes: string[];

  beforeAll(async () => {
    recorded = await record(layout);
    sourceHashes = hashes(await frameHashes(recorded.source));
    expect(sourceHashes).toHaveLength(300);
    expect(new Set(sourceHashes).size).toBe(300);
  });

  const framesOf = (startMs: number, endMs: number): string[] =>
    sourceHashes.slice(Math.ceil(startMs / FRAME_MS), Math.ceil(endMs / FRAME_MS));
  const planOf = (ranges: readonly TimeRange[], changes: Partial<PlanRequest> = {}): MoviePlan =>
    planMovie(requestOf(recorded, ranges, changes));

  it.each([
    ['inside a GOP', 1230, 1710],
    ['over three segments', 1230, 9870],
    ['over everything', 0, 12_000],
    ['of the second segment', 4000, 8000],
  ])('shows exactly the frames of a range %s', async (name, startMs, endMs) => {
    const path = await write(`${layout} ${name}.mp4`, planOf([range(startMs, endMs)]), recorded);
    expect(hashes(await frameHashes(path))).toEqual(framesOf(startMs, endMs));
  });

  it('shows frames at their times, from 0 on', async () => {
    const path = await write(`${layout} times.mp4`, planOf([range(1230, 9870)]), recorded);
    const frames = await frameHashes(path);
    expect(frames.map(({ pts }) => pts)).toEqual(frames.map((_, i) => i));
  });

  it('sounds as the source does, at the same distance from the picture', async () => {
    const path = await write(`${layout} sound.mp4`, planOf([range(1230, 9870)]), recorded);
    const [ours, source] = await Promise.all([soundOf(path), soundOf(recorded.source)]);
    const at = source.findIndex(({ hash }) => hash === ours[0]!.hash);
    expect(hashes(ours)).toEqual(hashes(source.slice(at, at + ours.length)));
    // The first shown frame is that of 1.24 s. Segments announce whole milliseconds.
    const late = ours.map(({ pts }, i) => pts / 48_000 + 1.24 - source[at + i]!.pts / 48_000);
    expect(Math.max(...late.map(Math.abs))).toBeLessThan(0.0021);
    expect(ours.at(-1)!.pts / 48_000).toBeGreaterThan(8.63 - 0.022);
  });

  it('hides nothing with keyframe-before: players without edit lists show the same', async () => {
    const plan = planOf([range(1230, 9870)], { edges: 'keyframe-before' });
    const path = await write(`${layout} keyframe.mp4`, plan, recorded);
    expect(hashes(await frameHashes(path, { ignoreEditList: true }))).toEqual(framesOf(1000, 10_000));
  });

  it('closes a gap and shows what is on both sides of it', async () => {
    const [first, , third] = recorded.segments;
    const plan = planOf([range(2500, 9500)], { segments: [[first!, third!]] });
    const path = await write(`${layout} gap.mp4`, plan, recorded);
    expect(hashes(await frameHashes(path))).toEqual([...framesOf(2500, 4000), ...framesOf(8000, 9500)]);
    expect(plan.gaps).toEqual([{ ...range(4000, 8000), reason: 'not-recorded' }]);
  });

  it('joins two ranges, the second from the sync sample before it', async () => {
    const path = await write(`${layout} two.mp4`, planOf([range(5230, 7000), range(1500, 2200)]), recorded);
    expect(hashes(await frameHashes(path))).toEqual([...framesOf(5230, 7000), ...framesOf(1000, 2200)]);
  });

  it('feeds an encoder the frames of one window', async () => {
    const plan = planOf([range(5230, 7000), range(1500, 2200)]);
    const part = planOfWindow(plan, plan.windows[1]!);
    const path = await write(`${layout} window.mp4`, part, recorded);
    expect(hashes(await frameHashes(path))).toEqual(framesOf(1500, 2200));
  });

  it('gives the outer GOPs for a decode check', async () => {
    const plan = planOf([range(1230, 9870)]);
    const shown = await Promise.all(
      [planOfFirstGop(plan), planOfLastGop(plan)].map(async (part, i) =>
        hashes(await frameHashes(await write(`${layout} end ${String(i)}.mp4`, part, recorded))),
      ),
    );
    expect(shown).toEqual([framesOf(1230, 2000), framesOf(9000, 9870)]);
  });

  it('joins encoded parts without losing or hiding a frame', async () => {
    const source = planOf([range(0, 4000), range(6000, 10_000)]);
    const { timescale } = source.tracks[0]!;
    const parts = recorded.segments.slice(0, 2).map((object) => [{ object, from: 0, to: 4 * timescale }]);
    const clock = new EncodeClock(timescale);
    const joined = joinMovie({ feeds: [{ plan: source, parts }], clock, sound: [], gaps: [] });
    const path = await write(`${layout} parts.mp4`, joined, recorded);
    expect(hashes(await frameHashes(path))).toEqual(framesOf(0, 8000));
  });

  it('is indexed the same whatever the chunks, kept in memory or read twice', () => {
    const [bytes] = recorded.objects.values();
    const kept = findings(bytes!, 997);
    const streamed = findings(bytes!, 65_536, 1000);
    const hasher = new LeafHasher(streamed.leafEnds);
    hasher.push(bytes!);
    expect(streamed.leaves).toBeUndefined();
    expect({ ...streamed, leaves: hasher.finish() }).toEqual(kept);
  });
});
