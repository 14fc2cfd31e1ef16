import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { REQUESTS } from '@clipmesh/contracts';
import { clipJob } from '@clipmesh/local';
import { SAMPLES as SAMPLE_TOPOLOGIES } from '@clipmesh/pipeline';
import { frameHashes, mediaTool } from '@clipmesh/testkit';
import { VideoBrowser } from '../probe/chromium';
import { secondsAfter, withWorld } from './world';

const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;
const RANGE = [secondsAfter(START, 7.345), secondsAfter(START, 26.78)] as const;

const world = withWorld();
let source: string;

beforeAll(async () => {
  const footage = { seconds: 30, fps: FPS, gopSeconds: 2, bFrames: 2, audio: true, videoKbps: 6000 };
  source = (await world().record('gate', START, footage)).file;
}, 120_000);

function url(parameters: Record<string, string> = {}, video = 'gate'): string {
  const [startTime, endTime] = RANGE;
  const query = new URLSearchParams({ startTime, endTime, ...parameters });
  return `${world().mesh.url}/videos/${video}/clip.mp4?${query.toString()}`;
}

async function request(address: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(address, options), 'response')) as [IncomingMessage];
  return response;
}

async function fetchClip(headers: Record<string, string> = {}, address = url()) {
  const response = await request(address, { headers });
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

it('is byte for byte the file that a job exports', async () => {
  const options = { name: 'same', sourceVideo: 'gate', ranges: [RANGE] };
  expect((await world().export(options)).properties).toMatchObject({ state: 'Completed' });
  const exported = await readFile(await world().download('same'));
  const clip = await fetchClip();
  expect(clip.headers['content-length']).toBe(String(exported.length));
  expect(clip.body.equals(exported)).toBe(true);
});

it.each<[string, Record<string, string>]>([
  ['title', { title: 'Gate, morning' }],
  ['keyframe-before', { edges: 'keyframe-before' }],
  ['keyframe-after', { edges: 'keyframe-after' }],
])('is the file of a job with the same %s, too', async (name, { title, ...options }) => {
  const job = clipJob({ name, sourceVideo: 'gate', ranges: [RANGE], options });
  if (title !== undefined) {
    await world().client.bus.request(REQUESTS.topologiesPut, titledExport(title));
  }
  await world().client.putJob(title === undefined ? job : { ...job, topologyName: 'titled-export' });
  expect((await world().client.jobEnd(name)).properties).toMatchObject({ state: 'Completed' });
  const exported = await readFile(await world().download(name));
  const clip = await fetchClip({}, url({ ...options, ...(title === undefined ? {} : { title }) }));
  expect(clip.body.equals(exported)).toBe(true);
});

/** The sample for pass-through, with a title. */
function titledExport(title: string) {
  const { topology } = SAMPLE_TOPOLOGIES.find(({ name }) => name === 'original-export')!;
  const sinks = topology.properties.sinks.map((sink) => ({
    ...sink,
    videoCreationProperties: { ...sink.videoCreationProperties, title },
  }));
  return { name: 'titled-export', ...topology, properties: { ...topology.properties, sinks } };
}

it('shows the frames of the range', async () => {
  const path = join(world().folder, 'clip.mp4');
  await writeFile(path, (await fetchClip()).body);
  const [shown, all] = await Promise.all([frameHashes(path), frameHashes(source)]);
  const wanted = all.slice(Math.ceil(7.345 * FPS), Math.ceil(26.78 * FPS));
  expect(shown.map(({ hash }) => hash)).toEqual(wanted.map(({ hash }) => hash));
});

it('tells who saves it name, span and that it may change', async () => {
  const { headers } = await request(url({ download: 'true' }), { method: 'HEAD' });
  expect(headers).toMatchObject({
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-disposition': 'attachment; filename="gate_20261101T052007.345Z_20261101T052026.780Z.mp4"',
    'clipmesh-delivered': `${RANGE[0]}/${RANGE[1]}`,
    'cache-control': 'private, no-cache',
  });
});

it('answers HEAD as GET, without a body', async () => {
  const [head, whole] = await Promise.all([request(url(), { method: 'HEAD' }), fetchClip()]);
  for (const name of ['etag', 'content-length', 'content-type', 'accept-ranges', 'content-disposition']) {
    expect(head.headers[name]).toBe(whole.headers[name]);
  }
  expect(await buffer(head)).toHaveLength(0);
});

it('gives the same bytes in parts, from a second gateway too', async () => {
  const { body, headers } = await fetchClip();
  const parts: Buffer[] = [];
  for (let start = 0; start < body.length; start += 3_000_001) {
    const part = await fetchClip({ range: `bytes=${start}-${start + 3_000_000}` });
    expect(part).toMatchObject({ status: 206, headers: { etag: headers.etag } });
    parts.push(part.body);
  }
  expect(Buffer.concat(parts).equals(body)).toBe(true);
  const gateway = world().mesh.services['api-gateway'];
  await gateway.kill();
  await gateway.start();
  expect((await fetchClip({ range: 'bytes=-1000' })).headers.etag).toBe(headers.etag);
}, 60_000);

it('breaks off when the store goes away, and is there again when the store is', async () => {
  // 60 MB: more than lies in all buffers between the store and a client that does not read.
  await world().record('wide', START, { seconds: 20, gopSeconds: 2, videoKbps: 24_000 });
  const address = url({ startTime: START, endTime: secondsAfter(START, 20) }, 'wide');
  const { minio } = world().mesh;
  const response = await request(address);
  await minio.kill();
  await expect(buffer(response)).rejects.toThrow();
  await minio.start();
  const again = await fetchClip({}, address);
  expect(again.headers['content-length']).toBe(response.headers['content-length']);
  expect(String(again.body.length)).toBe(again.headers['content-length']);
}, 120_000);

it('sends several ranges in one answer', async () => {
  const { body } = await fetchClip();
  const { status, headers, body: several } = await fetchClip({ range: 'bytes=10-19,5000000-5000999' });
  expect(status).toBe(206);
  expect(headers['content-length']).toBe(String(several.length));
  const boundary = /boundary=(\w+)/.exec(headers['content-type'] ?? '')?.[1];
  const head = (range: string) =>
    `\r\n--${boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes ${range}/${body.length}\r\n\r\n`;
  const expected = [
    ...[Buffer.from(head('10-19')), body.subarray(10, 20)],
    ...[Buffer.from(head('5000000-5000999')), body.subarray(5_000_000, 5_001_000)],
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ];
  expect(several.equals(Buffer.concat(expected))).toBe(true);
});

it('holds its answers to conditions', async () => {
  const { headers } = await request(url(), { method: 'HEAD' });
  const etag = headers.etag!;
  const statusOf = async (given: Record<string, string>) => (await fetchClip(given)).status;
  expect(await statusOf({ 'if-none-match': etag })).toBe(304);
  expect(await statusOf({ 'if-match': '"other"' })).toBe(412);
  expect(await statusOf({ range: 'bytes=0-9', 'if-range': etag })).toBe(206);
  expect(await statusOf({ range: 'bytes=0-9', 'if-range': '"other"' })).toBe(200);
  expect(await statusOf({ range: 'bytes=999999999-' })).toBe(416);
});

it('changes its ETag when a late segment fills the range', async () => {
  const footage = { seconds: 10, fps: FPS, gopSeconds: 2 };
  await world().record('late', START, footage);
  const address = url({ startTime: START, endTime: secondsAfter(START, 40) }, 'late');
  const before = await fetchClip({}, address);
  expect(before.headers['clipmesh-warnings']).toContain('RangePartlyRecorded');
  await world().record('late', secondsAfter(START, 20), footage);
  const after = await fetchClip({}, address);
  expect(after.headers.etag).not.toBe(before.headers.etag);
  expect(after.headers['clipmesh-gaps']).toContain(`${secondsAfter(START, 10)}/${secondsAfter(START, 20)}`);
}, 60_000);

it.each([
  ['a start that is no time', { startTime: 'noon' }, 400, 'RangeInvalid', 'startTime', '"noon"'],
  ['an end before the start', { endTime: START }, 400, 'RangeInvalid', 'endTime', 'empty'],
  ['edges that do not exist', { edges: 'soft' }, 400, 'RequestInvalid', 'edges', '"soft"'],
  ['a parameter that does not exist', { start: '1' }, 400, 'RequestInvalid', 'start', 'unknown'],
])('refuses %s, and names it', async (_what, parameters, status, code, target, word) => {
  const { body, ...answer } = await fetchClip({}, url(parameters));
  expect(answer.status).toBe(status);
  const { error } = JSON.parse(body.toString()) as { error: { message: string } };
  expect(error).toMatchObject({ code, target });
  expect(error.message).toContain(word);
});

it.each([
  ['a video that is not there', () => url({}, 'nobody'), 'VideoNotFound'],
  [
    'a range that is not recorded',
    () => url({ startTime: '2026-10-01T00:00:00Z', endTime: '2026-10-01T00:01:00Z' }),
    'SetupValidationFailure',
  ],
  ['a path that is not there', () => `${world().mesh.url}/clips`, 'RouteNotFound'],
])('does not find %s', async (_what, address, code) => {
  const { status, body } = await fetchClip({}, address());
  expect(status).toBe(404);
  expect(JSON.parse(body.toString())).toMatchObject({ error: { code } });
});

it('stops reading for a client that has left: then nothing holds up its end', async () => {
  const response = await request(url());
  response.destroy();
  await once(response, 'close');
  const gateway = world().mesh.services['api-gateway'];
  // An answer under way is waited for up to 25 s.
  await gateway.stop();
  await gateway.start();
}, 15_000);

it('plays and seeks in a browser straight from its URL', async () => {
  const browser = await VideoBrowser.launch();
  try {
    const page = await browser.open(url());
    const frames = Math.ceil(26.78 * FPS) - Math.ceil(7.345 * FPS);
    expect(page.first.mediaTime).toBeLessThan(1 / FPS);
    const near = await page.frameAt((frames - 1) / FPS);
    expect(Math.abs(near.mediaTime - (frames - 1) / FPS)).toBeLessThan(1 / FPS);
  } finally {
    await browser.close();
  }
}, 60_000);

it('is read by ffmpeg over HTTP, with seeks', async () => {
  const seek = ['-v', 'error', '-ss', '12', '-i', url(), '-frames:v', '1', '-f', 'framemd5', '-'];
  const { stdout } = await mediaTool('ffmpeg', seek);
  const path = join(world().folder, 'seek.mp4');
  await writeFile(path, (await fetchClip()).body);
  const { stdout: local } = await mediaTool(
    'ffmpeg',
    seek.map((arg) => (arg.startsWith('http') ? path : arg)),
  );
  expect(stdout).toBe(local);
});
