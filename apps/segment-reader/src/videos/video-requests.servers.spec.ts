import { join } from 'node:path';
import { BUCKETS, exportKey, formatInstant, type PublishVideoRequest, VideoTexts } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { makeFootage, withServers } from '@clipmesh/testkit';
import { TestReader } from '../testing/arrange';

// Hooks after the tests run in the order of their declaration: this one before the servers stop.
afterAll(() => reader.close());

const servers = withServers();
const START = Date.UTC(2026, 9, 31, 5, 20);

let reader: TestReader;
let footage = '';

beforeAll(async () => {
  footage = await makeFootage({ path: join(servers.folder, 'a.mp4'), seconds: 4, layout: 'fragmented' });
  reader = await TestReader.open(servers, { inlineLimitBytes: 4_096 });
}, 60_000);

const body = (name: string, texts: object = {}) => ({
  name,
  properties: Object.assign(new VideoTexts(), texts),
});

async function record(video: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const key = `${video}/${String(n)}.mp4`;
    await reader.put(key, footage);
    await reader.take(video, { start: formatInstant(wallTime(START + n * 4_000)), object: { key } });
  }
}

async function keysIn(bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of reader.store.list(bucket, prefix)) {
    keys.push(key);
  }
  return keys;
}

/** As the job-scheduler asks for it at its commit. */
async function publication(name: string, jobId: string): Promise<PublishVideoRequest> {
  const file = { bucket: BUCKETS.exports, key: exportKey(jobId, 1) };
  const { etag } = await reader.store.put(file, Buffer.from('an mp4'));
  const stored = { ...file, etag, sizeBytes: 6 };
  const range = { startMs: wallTime(START), endMs: wallTime(START + 4_000) };
  return {
    jobId,
    name,
    title: 'A clip',
    export: {
      file: stored,
      manifest: stored,
      treeDigest: 'ab',
      requested: [range],
      delivered: [range],
      gaps: [],
    },
  };
}

it('registers an empty archive once, and changes its texts', async () => {
  const first = await reader.requests.put(body('empty', { title: 'Gate', type: 'Archive', flags: {} }));
  expect(first).toMatchObject({
    created: true,
    video: {
      name: 'empty',
      type: 'Microsoft.Media/videoAnalyzers/videos',
      properties: {
        title: 'Gate',
        type: 'Archive',
        flags: { canStream: false, hasData: false, isInUse: false },
      },
    },
  });
  const again = await reader.requests.put(body('empty', { title: 'Gate', description: 'North' }));
  expect(again).toMatchObject({
    created: false,
    video: { id: first.video.id, properties: { title: 'Gate', description: 'North' } },
  });
  const patched = await reader.requests.patch(body('empty', { title: null }));
  expect(patched.properties).toMatchObject({ description: 'North' });
  expect(patched.properties).not.toHaveProperty('title');
});

it('shows a reservation to nobody, then the file with a link that works, then its digest', async () => {
  await reader.outputs.reserve('job-1', { videoName: 'clip' });
  await expect(reader.requests.get({ name: 'clip' })).rejects.toMatchObject({ code: 'VideoNotFound' });
  expect((await reader.requests.list({})).value.map(({ name }) => name)).not.toContain('clip');
  const request = await publication('clip', 'job-1');
  await reader.outputs.publish(request);
  await reader.outputs.publish(request);
  const view = await reader.requests.get({ name: 'clip' });
  expect(view.properties).toMatchObject({
    title: 'A clip',
    type: 'File',
    flags: { canStream: false, hasData: true, isInUse: false },
    mediaInfo: { sizeBytes: 6, durationMs: 4_000, delivered: [{ start: formatInstant(wallTime(START)) }] },
  });
  const response = await fetch(view.properties.contentUrls!.downloadUrl);
  expect(await response.text()).toBe('an mp4');
  expect(response.headers.get('content-disposition')).toContain('clip.mp4');
  await reader.outputs.noteDigest({ jobId: 'job-1', name: 'clip', sha256: 'cd', file: request.export.file });
  expect((await reader.requests.get({ name: 'clip' })).properties.mediaInfo?.sha256).toBe('cd');
});

it('reserves a name for one job, and gives it back when the job does not commit', async () => {
  await reader.outputs.reserve('job-2', { videoName: 'wanted' });
  await reader.outputs.reserve('job-2', { videoName: 'wanted' });
  await expect(reader.outputs.reserve('job-3', { videoName: 'wanted' })).rejects.toMatchObject({
    code: 'OutputVideoExists',
  });
  const release = { sourceVideo: 'x', outputVideo: 'wanted' };
  await reader.outputs.release({ ...release, jobId: 'job-3' });
  await expect(reader.outputs.reserve('job-3', { videoName: 'wanted' })).rejects.toThrow();
  await reader.outputs.release({ ...release, jobId: 'job-2' });
  await reader.outputs.reserve('job-3', { videoName: 'wanted' });
});

it('gives all names back that a job has reserved, also when the process died in between', async () => {
  const sink = { videoName: 'several' };
  for (const index of [0, 1, 2]) {
    await reader.outputs.reserve('job-7', sink, index);
  }
  await reader.outputs.publish(await publication('several', 'job-7'));
  // A release that died had come so far: it begins with the last.
  await reader.videos.dropReservation('several-3', 'job-7');
  await reader.outputs.release({ jobId: 'job-7', sourceVideo: 'x', outputVideo: 'several' });
  await reader.outputs.reserve('job-8', sink, 1);
  await reader.outputs.reserve('job-8', sink, 2);
  await expect(reader.outputs.reserve('job-8', sink)).rejects.toMatchObject({ code: 'OutputVideoExists' });
});

it('refuses a name that its number makes too long', async () => {
  const sink = { videoName: 'n'.repeat(63) };
  await reader.outputs.reserve('job-9', sink);
  await expect(reader.outputs.reserve('job-9', sink, 1)).rejects.toMatchObject({ code: 'NameInvalid' });
  await reader.outputs.release({ jobId: 'job-9', sourceVideo: 'x', outputVideo: sink.videoName });
});

it('keeps a published file when its job is released', async () => {
  await reader.outputs.reserve('job-4', { videoName: 'kept' });
  await reader.outputs.publish(await publication('kept', 'job-4'));
  await reader.outputs.release({ jobId: 'job-4', sourceVideo: 'x', outputVideo: 'kept' });
  expect((await reader.requests.get({ name: 'kept' })).properties.type).toBe('File');
});

it('does not bring a deleted file back when its job publishes it again', async () => {
  await reader.outputs.reserve('job-5', { videoName: 'gone' });
  const request = await publication('gone', 'job-5');
  await reader.outputs.publish(request);
  expect(await reader.requests.delete({ name: 'gone' })).toEqual({ deleted: true });
  await reader.outputs.publish(request);
  await expect(reader.requests.get({ name: 'gone' })).rejects.toMatchObject({ code: 'VideoNotFound' });
  expect(await keysIn(BUCKETS.exports, 'job-5')).toEqual([]);
});

it('publishes a file whose reservation was lost, and none under a name that somebody else has', async () => {
  await reader.outputs.publish(await publication('lost', 'job-7'));
  expect((await reader.requests.get({ name: 'lost' })).properties.type).toBe('File');
  await expect(reader.outputs.publish(await publication('lost', 'job-8'))).rejects.toMatchObject({
    code: 'OutputVideoExists',
  });
});

it('deletes an archive with its segments and index, and frees its name', async () => {
  await record('old', 8);
  const before = await reader.requests.get({ name: 'old' });
  expect(before.properties.flags).toEqual({ canStream: true, hasData: true, isInUse: false });
  expect(await keysIn(BUCKETS.index, before.id)).not.toEqual([]);
  expect(await reader.requests.delete({ name: 'old' })).toEqual({ deleted: true });
  expect(await keysIn(BUCKETS.archive, 'old/')).toEqual([]);
  expect(await keysIn(BUCKETS.index, before.id)).toEqual([]);
  expect(await reader.catalog.reader.getHour(before.id, Math.floor(START / 3600_000))).toBeUndefined();
  expect(await reader.requests.delete({ name: 'old' })).toEqual({ deleted: false });
  await record('old', 1);
  expect((await reader.requests.get({ name: 'old' })).id).not.toBe(before.id);
});

it('finishes a removal that a crash has cut short', async () => {
  await record('crashed', 2);
  await reader.removal.mark('crashed');
  expect((await reader.requests.get({ name: 'crashed' })).properties.deleting).toBe(true);
  await reader.removal.finishAll();
  await expect(reader.requests.get({ name: 'crashed' })).rejects.toMatchObject({ code: 'VideoNotFound' });
  expect(await keysIn(BUCKETS.archive, 'crashed/')).toEqual([]);
});

it('does not delete what a live job reads or writes', async () => {
  await record('held', 1);
  const { id } = await reader.requests.get({ name: 'held' });
  await reader.holds.take({ videoId: id, videoName: 'held', jobId: 'job-6', ranges: [] });
  await expect(reader.requests.delete({ name: 'held' })).rejects.toMatchObject({ code: 'VideoInUse' });
  expect((await reader.requests.get({ name: 'held' })).properties).toMatchObject({
    flags: { isInUse: true },
  });
  expect((await reader.requests.get({ name: 'held' })).properties).not.toHaveProperty('deleting');
  await reader.outputs.reserve('job-6', { videoName: 'written' });
  await expect(reader.requests.delete({ name: 'written' })).rejects.toMatchObject({ code: 'VideoInUse' });
  await reader.outputs.release({ jobId: 'job-6', sourceVideo: 'held', outputVideo: 'written' });
  expect(await reader.requests.delete({ name: 'held' })).toEqual({ deleted: true });
});

it('lists videos by name, in pages', async () => {
  for (const name of ['page-c', 'page-a', 'page-b']) {
    await reader.requests.put(body(name));
  }
  const first = await reader.requests.list({ after: 'page', top: 2 });
  expect(first.value.map(({ name }) => name)).toEqual(['page-a', 'page-b']);
  const rest = await reader.requests.list({ after: first.after!, top: 200 });
  expect(rest.value.map(({ name }) => name).filter((name) => name.startsWith('page'))).toEqual(['page-c']);
  expect(rest).not.toHaveProperty('after');
});
