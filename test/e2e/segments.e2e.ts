import { readFile } from 'node:fs/promises';
import { BUCKETS, refusedSubject, REQUESTS, segmentSubject, type CoverageReply } from '@clipmesh/contracts';
import { frameHashes, makeFootage } from '@clipmesh/testkit';
import { join } from 'node:path';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;
const SECONDS = 4;

/** Puts a segment of four seconds as any recorder would, and tells of it as often as asked. */
async function announce(video: string, at: number, bytes: Uint8Array, times = 1): Promise<void> {
  const { store, client } = world();
  const key = `${video}/${String(at)}.mp4`;
  await store.put({ bucket: BUCKETS.archive, key }, bytes);
  const event = { format: 1, video, start: secondsAfter(START, at), object: { key } };
  for (let time = 0; time < times; time++) {
    // Each a message of its own: what makes them one is the segment's key, not the stream's memory.
    await client.bus.publish(segmentSubject(video), event, { msgId: `${key}-${String(time)}` });
  }
}

async function coverage(video: string): Promise<CoverageReply> {
  const range = { start: START, end: secondsAfter(START, 60) };
  return world().client.bus.request<CoverageReply>(REQUESTS.archiveCoverage, { video, ...range });
}

/** Resolves when the video is covered up to so many seconds after the start. */
async function coveredTo(video: string, seconds: number): Promise<CoverageReply> {
  const end = secondsAfter(START, seconds);
  return world().client.told(['clipmesh.v1.events.segment.*.indexed'], async () => {
    const reply = await coverage(video).catch(() => undefined); // the first segment makes the video
    return reply?.timeRanges.some((range) => range.end === end) === true ? reply : undefined;
  });
}

describe('segments of four seconds', () => {
  let good = new Uint8Array();
  let file = '';
  beforeAll(async () => {
    file = join(world().folder, 'four-seconds.mp4');
    await makeFootage({ path: file, seconds: SECONDS, fps: FPS, layout: 'fragmented' });
    good = await readFile(file);
  }, 60_000);

  it('are indexed once however often they are announced', async () => {
    await announce('repeated', 0, good, 10);
    await announce('repeated', 4, good);
    const { timeRanges, gaps } = await coveredTo('repeated', 8);
    expect(timeRanges).toEqual([{ start: START, end: secondsAfter(START, 8) }]);
    expect(gaps).toHaveLength(1); // what follows, up to the end of the question
    const job = await world().export({
      name: 'repeated-clip',
      sourceVideo: 'repeated',
      ranges: [[START, secondsAfter(START, 8)]],
    });
    expect(job.properties).toMatchObject({ state: 'Completed' });
    expect(await frameHashes(await world().download('repeated-clip'))).toHaveLength(2 * SECONDS * FPS);
  }, 60_000);

  it('are exported without a corrupt one between them, which is refused by name with its reason', async () => {
    const corrupt = Buffer.from(good);
    const table = corrupt.indexOf('trun') + 'trun'.length;
    corrupt.fill(0xff, table, table + 32);
    const refused = new Promise<unknown>((resolve) => {
      const stop = world().client.bus.onNudge(refusedSubject('damaged'), (body) => {
        void stop();
        resolve(body);
      });
    });
    await announce('damaged', 0, good);
    await announce('damaged', 4, corrupt);
    await announce('damaged', 8, good);
    expect(await refused).toMatchObject({
      code: expect.stringMatching(/^Segment(Corrupt|NotMp4|Truncated)$/) as string,
      event: { object: { key: 'damaged/4.mp4' } },
    });
    await coveredTo('damaged', 12);
    const job = await world().export({
      name: 'damaged-clip',
      sourceVideo: 'damaged',
      ranges: [[START, secondsAfter(START, 12)]],
    });
    const gap = { start: secondsAfter(START, 4), end: secondsAfter(START, 8) };
    expect(job.properties).toMatchObject({ state: 'Completed', progress: { gaps: [gap] } });
    expect(await frameHashes(await world().download('damaged-clip'))).toHaveLength(2 * SECONDS * FPS);
  }, 60_000);
});
