import { KV, REQUESTS, type JobEstimate } from '@clipmesh/contracts';
import { clipJob, type ClipRequest } from '@clipmesh/local';
import { secondsAfter, withWorld } from './world';

const START = '2026-11-01T05:20:00.000Z';
const world = withWorld();

/** 20 s, 10 s of nothing, 10 s. */
beforeAll(async () => {
  const footage = { fps: 25, gopSeconds: 2, bFrames: 2, audio: true };
  await world().record('yard', START, { ...footage, seconds: 20 });
  await world().record('yard', secondsAfter(START, 30), { ...footage, seconds: 10 });
}, 120_000);

const clip = (name: string, start: number, end: number, rest: Partial<ClipRequest> = {}): ClipRequest => ({
  name,
  sourceVideo: 'yard',
  ranges: [[secondsAfter(START, start), secondsAfter(START, end)]],
  ...rest,
});

async function estimate(request: ClipRequest): Promise<JobEstimate> {
  const { topologyName, parameters, options } = clipJob(request);
  return world().client.bus.request<JobEstimate>(REQUESTS.jobsEstimate, {
    topologyName,
    parameters,
    options,
  });
}

async function keysOf(bucket: 'jobs' | 'holds' | 'videos'): Promise<string[]> {
  const keys: string[] = [];
  const plain = { encode: () => Buffer.alloc(0), decode: (bytes: Uint8Array) => bytes };
  for await (const { key } of world().client.bus.kv(KV[bucket], plain).list()) {
    keys.push(key);
  }
  return keys.sort();
}

it.each([
  ['over a gap', clip('over-gap', 3.21, 35.67)],
  ['with edges moved', clip('moved', 3.21, 15.5, { options: { edges: 'keyframe-before' } })],
])(
  'foretells what the job then delivers, to the byte: %s',
  async (_what, request) => {
    const foretold = await estimate(request);
    expect(foretold.errors).toEqual([]);
    const { properties } = await world().export(request);
    expect(properties.state).toBe('Completed');
    expect(foretold.bytes).toEqual({ value: properties.output!.bytes, isExact: true });
    expect(foretold.delivered).toEqual(properties.progress.delivered);
    expect(foretold.gaps).toEqual(properties.progress.gaps);
    expect(foretold.warnings).toEqual(properties.progress.warnings);
    expect(foretold.durationMs).toBe(properties.output!.durationMs);
  },
  60_000,
);

it('stores, reserves and holds nothing', async () => {
  // What earlier jobs have left goes away meanwhile; nothing may come.
  const stored = async () =>
    (await Promise.all([keysOf('jobs'), keysOf('holds'), keysOf('videos'), world().keys('work')])).flat();
  const before = new Set(await stored());
  await estimate(clip('never-put', 0, 10));
  expect((await stored()).filter((key) => !before.has(key))).toEqual([]);
});

it('tells the error and the rest where gaps would fail the job', async () => {
  const foretold = await estimate(clip('no-gaps', 5, 35, { options: { gaps: 'fail' } }));
  expect(foretold.errors).toMatchObject([{ code: 'RangeHasGaps' }]);
  expect(foretold.gaps).toMatchObject([{ start: secondsAfter(START, 20), end: secondsAfter(START, 30) }]);
});

it('lists every error that the job would end with', async () => {
  await world().client.bus.request(REQUESTS.videosPut, { name: 'taken' });
  const { errors, delivered } = await estimate({ ...clip('taken', 0, 5), sourceVideo: 'nowhere' });
  expect(errors.map(({ code }) => code)).toEqual(['OutputVideoExists', 'SetupValidationFailure']);
  expect(delivered).toEqual([]);
});

it('says that the size of an encoded file is not exact', async () => {
  const request = clip('encoded', 0, 10, { preset: 'SingleLayer_540p_H264_AAC' });
  const { bytes, edges } = await estimate(request);
  expect(bytes?.isExact).toBe(false);
  expect(edges).toBe('exact');
});

it('refuses what a job would be refused for', async () => {
  const request = { ...clipJob(clip('bad', 0, 10)), topologyName: 'no-such-topology' };
  await expect(world().client.bus.request(REQUESTS.jobsEstimate, request)).rejects.toMatchObject({
    code: 'TopologyNotFound',
  });
});
