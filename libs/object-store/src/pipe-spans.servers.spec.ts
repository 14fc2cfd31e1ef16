import { randomBytes } from 'node:crypto';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Span } from '@clipmesh/media';
import { withMinio } from '@clipmesh/testkit';
import { ObjectStore } from './object-store';
import { pipeSpans } from './pipe-spans';
import type { SourceObject } from './upload/part-source';

const MIB = 1024 * 1024;
const servers = withMinio();
let store: ObjectStore;
let count = 0;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey, region } = servers.minio;
  store = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  await store.ensureBucket('archive');
});

afterAll(() => {
  store.close();
});

async function setup(...sizes: number[]) {
  const contents = sizes.map((size) => randomBytes(size));
  const objects: SourceObject[] = [];
  for (const bytes of contents) {
    const ref = { bucket: 'archive', key: String(count++) };
    objects.push({ ref, etag: (await store.put(ref, bytes)).etag });
  }
  return { contents, objects };
}

const range = (object: number, offset: number, length: number): Span => ({
  kind: 'object',
  object,
  offset,
  length,
});

it('writes spans in order, inline ones among them', async () => {
  const { contents, objects } = await setup(3 * MIB, 2 * MIB);
  const spans: Span[] = [
    { kind: 'inline', bytes: Buffer.from('head') },
    range(0, 7, 2 * MIB),
    range(1, 0, 100),
    { kind: 'inline', bytes: Buffer.from('between') },
    range(1, 100, 2 * MIB - 100),
    range(0, 0, 5),
  ];
  const target = new PassThrough();
  const written = buffer(target);
  await pipeSpans(store, spans, objects, target, { signal: new AbortController().signal });
  target.end();
  const [a, b] = contents as [Buffer, Buffer];
  const expected = [
    ...[Buffer.from('head'), a.subarray(7, 7 + 2 * MIB), b.subarray(0, 100), Buffer.from('between')],
    ...[b.subarray(100), a.subarray(0, 5)],
  ];
  expect((await written).equals(Buffer.concat(expected))).toBe(true);
});

it('reads no more from the store than the target takes', async () => {
  const { objects } = await setup(32 * MIB);
  const taken: number[] = [];
  let goOn: (() => void) | undefined;
  const target = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.length);
      goOn = done;
    },
  });
  const stop = new AbortController();
  const watched = Object.create(store) as ObjectStore;
  const bodies: { readableLength: number; destroyed: boolean }[] = [];
  watched.read = async (ref, options) => {
    const body = await store.read(ref, options);
    bodies.push(body);
    return body;
  };
  const piping = pipeSpans(watched, [range(0, 0, 32 * MIB)], objects, target, { signal: stop.signal });
  while (taken.length < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    goOn?.();
  }
  expect(bodies[0]!.readableLength).toBeLessThan(MIB);
  stop.abort(new Error('the client left'));
  await expect(piping).rejects.toThrow();
  expect(bodies[0]!.destroyed).toBe(true);
});

it('fails when a source was overwritten since it was planned', async () => {
  const { objects } = await setup(MIB);
  await store.put(objects[0]!.ref, randomBytes(MIB));
  const target = new PassThrough().resume();
  const { signal } = new AbortController();
  await expect(pipeSpans(store, [range(0, 0, MIB)], objects, target, { signal })).rejects.toMatchObject({
    code: 'SourceChanged',
  });
});
