import { randomBytes } from 'node:crypto';
import type { Span } from '@clipmesh/media';
import { withMinio } from '@clipmesh/testkit';
import { faultyStoreBefore, type FaultyStore } from '../../test/faulty-store';
import type { ObjectRef } from '../object-ref';
import { ObjectStore } from '../object-store';
import { materialise } from './materialise';
import type { SourceObject } from './part-source';

const MIB = 1024 * 1024;
const servers = withMinio();
let faulty: FaultyStore;
let store: ObjectStore;
let count = 0;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey, region } = servers.minio;
  faulty = await faultyStoreBefore(endpoint);
  store = ObjectStore.open({ endpoint: faulty.endpoint, accessKey, secretKey, region });
  await store.ensureBucket('archive');
  await store.ensureBucket('exports');
});

afterAll(async () => {
  store.close();
  await faulty.close();
});

/** Objects of the given sizes in the store, and what a file made of them should hold. */
async function setup(...sizes: number[]) {
  const run = ++count;
  const contents = sizes.map((size) => randomBytes(size));
  const objects: SourceObject[] = [];
  for (const [n, bytes] of contents.entries()) {
    const ref = { bucket: 'archive', key: `${run}/Süd ${n}.mp4` };
    objects.push({ ref, etag: (await store.put(ref, bytes)).etag });
  }
  const target: ObjectRef = { bucket: 'exports', key: `${run}/clip.mp4` };
  const bytesOf = (spans: readonly Span[]) =>
    Buffer.concat(
      spans.map((span) =>
        span.kind === 'inline'
          ? span.bytes
          : contents[span.object]!.subarray(span.offset, span.offset + span.length),
      ),
    );
  return { objects, target, bytesOf };
}

const inline = (length: number): Span => ({ kind: 'inline', bytes: randomBytes(length) });
const range = (object: number, offset: number, length: number): Span => ({
  kind: 'object',
  object,
  offset,
  length,
});
const requests = (pattern: RegExp) => faulty.seen.filter((request) => pattern.test(request)).length;
const uploadsOf = (target: ObjectRef) => store.listUploads(target.bucket, target.key);

describe('materialise', () => {
  it.each([
    ['a small file', [3 * MIB], [inline(1_000), range(0, 5, 2 * MIB)]],
    ['nothing', [], []],
    [
      'two large objects behind a header',
      [11e6, 11e6],
      [inline(80_000), range(0, 9, 10.9e6), range(1, 0, 11e6)],
    ],
    [
      'inline bytes between large objects',
      [11e6, 11e6],
      [inline(80_000), range(0, 9, 10.9e6), inline(60), range(1, 0, 11e6), inline(7)],
    ],
    [
      'many small objects',
      [3e6, 3e6, 3e6, 3e6],
      [inline(9), range(0, 1, 2.9e6), range(1, 0, 3e6), range(2, 0, 3e6), range(3, 7, 99)],
    ],
  ])('makes one object of spans: %s', async (_what, sizes, spans: Span[]) => {
    const { objects, target, bytesOf } = await setup(...sizes);
    const stored = await materialise(store, target, spans, objects);
    const expected = bytesOf(spans);
    expect(stored.sizeBytes).toBe(expected.length);
    expect(await store.head(target)).toEqual(stored);
    expect((await store.readAll(target)).equals(expected)).toBe(true);
    expect(await uploadsOf(target)).toEqual([]);
  });

  it('refuses a target that is there, and leaves it and no upload', async () => {
    const { objects, target } = await setup(11e6);
    await store.put(target, Buffer.from('first'));
    for (const spans of [[inline(9)], [inline(9), range(0, 0, 11e6)]]) {
      await expect(materialise(store, target, spans, objects)).rejects.toMatchObject({
        code: 'ObjectExists',
      });
    }
    expect((await store.readAll(target)).toString()).toBe('first');
    expect(await uploadsOf(target)).toEqual([]);
  });

  it.each([
    ['copied', range(0, 0, 11e6)],
    ['read', range(0, 0, 1_000)],
  ])('fails when a source was overwritten since it was indexed, also where it is %s', async (_what, span) => {
    const { objects, target } = await setup(11e6, 11e6);
    await store.put(objects[0]!.ref, randomBytes(11e6));
    await expect(materialise(store, target, [span, range(1, 0, 11e6)], objects)).rejects.toMatchObject({
      code: 'SourceChanged',
    });
    expect(await store.head(target)).toBeUndefined();
    expect(await uploadsOf(target)).toEqual([]);
  });

  it('leaves neither object nor upload when it is aborted', async () => {
    const { objects, target } = await setup(11e6);
    const spans = Array.from({ length: 20 }, () => range(0, 0, 11e6));
    const controller = new AbortController();
    const reason = new Error('canceled');
    const { signal } = controller;
    const onProgress = () => {
      controller.abort(reason);
    };
    await expect(materialise(store, target, spans, objects, { signal, onProgress })).rejects.toBe(reason);
    expect(await store.head(target)).toBeUndefined();
    expect(await uploadsOf(target)).toEqual([]);
  });

  it('goes on with the parts of an unfinished upload', async () => {
    const { objects, target, bytesOf } = await setup(11e6, 11e6);
    const spans = [inline(1_000), range(0, 0, 11e6), range(1, 0, 11e6)];
    const uploadId = await store.startUpload(target);
    const { ref, etag } = objects[1]!;
    // The third part as an attempt that died had stored it.
    await store.copyPart({ ...target, uploadId }, 3, { ref, ifMatch: etag, offset: 0, length: 11e6 });
    const copies = requests(/^PUT .*partNumber=3/);
    const done: number[] = [];
    await materialise(store, target, spans, objects, {
      resume: uploadId,
      onProgress: (bytes) => done.push(bytes),
    });
    expect(requests(/^PUT .*partNumber=3/)).toBe(copies);
    expect(done.at(-1)).toBe(22_001_000);
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
  });

  it('writes again what was planned in parts of other sizes', async () => {
    const { objects, target, bytesOf } = await setup(11e6, 11e6);
    const spans = [inline(1_000), range(0, 0, 11e6), range(1, 0, 11e6)];
    const resume = await store.startUpload(target);
    const { ref, etag } = objects[1]!;
    // The second part is of the right size by chance, and of other bytes; the third tells.
    const length = 11e6 + 1_000 - 5 * MIB;
    await store.copyPart({ ...target, uploadId: resume }, 2, { ref, ifMatch: etag, offset: 7, length });
    await store.copyPart({ ...target, uploadId: resume }, 3, { ref, ifMatch: etag, offset: 0, length });
    await materialise(store, target, spans, objects, { resume });
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
  });

  it('leaves its parts for another attempt when told to', async () => {
    const { objects, target, bytesOf } = await setup(11e6);
    const spans = [inline(1_000), ...Array.from({ length: 6 }, () => range(0, 0, 11e6))];
    const controller = new AbortController();
    const interrupted = materialise(store, target, spans, objects, {
      signal: controller.signal,
      onFailure: 'keep',
      copiesInFlight: 1,
      onProgress: (bytes) => {
        if (bytes > 22e6) {
          controller.abort(new Error('stopping'));
        }
      },
    });
    await expect(interrupted).rejects.toThrow('stopping');
    const [left] = await uploadsOf(target);
    const before = (await store.listParts(left!)).length;
    const sent = requests(/^PUT .*partNumber=/);
    await materialise(store, target, spans, objects, { resume: left!.uploadId });
    expect(before).toBeGreaterThanOrEqual(2);
    expect(requests(/^PUT .*partNumber=/) - sent).toBe(7 - before);
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
  });

  it('makes one object when two attempts go on with the same upload at the same time', async () => {
    const { objects, target, bytesOf } = await setup(11e6);
    const spans = [inline(1_000), ...Array.from({ length: 6 }, () => range(0, 0, 11e6))];
    const resume = await store.startUpload(target);
    const attempt = () => materialise(store, target, spans, objects, { resume, onFailure: 'keep' });
    const ends = await Promise.allSettled([attempt(), attempt()]);
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
    expect(await uploadsOf(target)).toEqual([]);
  });

  it('takes what another attempt completed for its own when it is just these parts', async () => {
    const { objects, target } = await setup(11e6);
    const spans = [inline(1_000), range(0, 0, 11e6)];
    const late = Object.create(store) as ObjectStore;
    late.completeUpload = async (...asked) => {
      await store.completeUpload(...asked);
      return store.completeUpload(...asked);
    };
    const stored = await materialise(late, target, spans, objects);
    expect(stored).toEqual(await store.head(target));
  });

  it('begins anew when the unfinished upload is gone', async () => {
    const { objects, target, bytesOf } = await setup(11e6);
    const spans = [inline(1_000), range(0, 0, 11e6)];
    const resume = await store.startUpload(target);
    await store.abortUpload({ ...target, uploadId: resume });
    await materialise(store, target, spans, objects, { resume });
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
  });

  it('does not write again what an attempt completed before it died', async () => {
    const { objects, target } = await setup(11e6);
    const spans = [inline(1_000), range(0, 0, 11e6)];
    const resume = await store.startUpload(target);
    await materialise(store, target, spans, objects, { resume });
    const parts = requests(/partNumber=/);
    await expect(materialise(store, target, spans, objects, { resume })).rejects.toMatchObject({
      code: 'ObjectExists',
    });
    expect(requests(/partNumber=/)).toBe(parts);
  });

  it('makes the same object in spite of answers that are lost', async () => {
    const { objects, target, bytesOf } = await setup(11e6, 11e6);
    const spans = [inline(1_000), range(0, 0, 11e6), range(1, 0, 11e6)];
    faulty.failNext('pass', 'lose-answer', 'drop', 'busy', 'lose-answer', 'lose-answer', 'lose-answer');
    await materialise(store, target, spans, objects);
    expect((await store.readAll(target)).equals(bytesOf(spans))).toBe(true);
  });
});
