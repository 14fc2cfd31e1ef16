import { createHash, randomBytes } from 'node:crypto';
import { withMinio } from '@clipmesh/testkit';
import { faultyStoreBefore, type FaultyStore } from '../test/faulty-store';
import { etagOfBytes, etagOfParts } from './etag';
import { ObjectStore } from './object-store';

const MIB = 1024 * 1024;
const BUCKET = 'archive';

const servers = withMinio();
let faulty: FaultyStore;
let store: ObjectStore;
/** The same store through the proxy. */
let shaky: ObjectStore;
/** Likewise, and it soon takes silence for trouble: only for tests in which a server is silent. */
let impatient: ObjectStore;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey, region } = servers.minio;
  faulty = await faultyStoreBefore(endpoint);
  store = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  const viaProxy = { endpoint: faulty.endpoint, accessKey, secretKey, region };
  const backoff = { baseDelayMs: 5, maxDelayMs: 10 };
  shaky = ObjectStore.open({ ...viaProxy, retries: { attempts: 3, ...backoff } });
  // Many tries: on a busy machine a healthy answer may also come too late.
  impatient = ObjectStore.open({ ...viaProxy, timeoutMs: 300, retries: { attempts: 20, ...backoff } });
  await store.ensureBucket(BUCKET);
});

afterAll(async () => {
  shaky.close();
  impatient.close();
  store.close();
  await faulty.close();
});

let count = 0;
/** A key of its own for every test: nothing is shared. */
const fresh = (name = 'object.bin') => ({ bucket: BUCKET, key: `t${++count}/${name}` });

async function bytesOf(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(bytes: Buffer, chunkBytes: number) {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunkBytes);
  }
}

const uploadsOf = (key: string) => store.listUploads(BUCKET, key);

describe('buckets', () => {
  it('makes a bucket once and finds it the second time', async () => {
    await store.ensureBucket('once');
    await store.ensureBucket('once');
    await store.put({ bucket: 'once', key: 'a' }, Buffer.from('a'));
  });
});

describe('reading', () => {
  it('says nothing of an object that is not there', async () => {
    expect(await store.head(fresh())).toBeUndefined();
  });

  it('tells size and ETag, without quotes', async () => {
    const ref = fresh();
    const bytes = randomBytes(1_000);
    const { etag } = await store.put(ref, bytes);
    expect(etag).toBe(etagOfBytes(bytes));
    expect(await store.head(ref)).toEqual({ sizeBytes: 1_000, etag });
  });

  it('reads the whole, a range, and nothing', async () => {
    const ref = fresh();
    const bytes = randomBytes(3 * MIB);
    const { etag } = await store.put(ref, bytes);
    const range = { offset: 1_000, length: 2 * MIB };
    const part = bytes.subarray(1_000, 1_000 + 2 * MIB);
    expect((await bytesOf(await store.read(ref))).equals(bytes)).toBe(true);
    expect((await bytesOf(await store.read(ref, { range, ifMatch: etag }))).equals(part)).toBe(true);
    expect(await bytesOf(await store.read(ref, { range: { offset: 5, length: 0 } }))).toHaveLength(0);
    expect((await store.readAll(ref)).equals(bytes)).toBe(true);
    expect((await store.readAll(ref, { range })).equals(part)).toBe(true);
  });

  it('opens an object with its size and ETag in one request', async () => {
    const ref = fresh();
    const bytes = randomBytes(MIB);
    const { etag } = await store.put(ref, bytes);
    const { head, body } = await store.open(ref);
    expect(head).toEqual({ sizeBytes: MIB, etag });
    expect((await bytesOf(body)).equals(bytes)).toBe(true);
    await expect(store.open(fresh())).rejects.toMatchObject({ code: 'ObjectMissing' });
  });

  it('refuses an object that is not the pinned one', async () => {
    const ref = fresh();
    await store.put(ref, Buffer.from('one'));
    const refusal = { code: 'SourceChanged' };
    const ifMatch = etagOfBytes(Buffer.from('two'));
    await expect(store.read(ref, { ifMatch })).rejects.toMatchObject(refusal);
    await expect(store.readAll(ref, { ifMatch, range: { offset: 0, length: 2 } })).rejects.toMatchObject(
      refusal,
    );
  });

  it.each([
    ['reaches behind the end', { offset: 1, length: 5 }],
    ['begins behind the end', { offset: 9, length: 5 }],
  ])('refuses a range that %s', async (_what, range) => {
    const ref = fresh();
    await store.put(ref, Buffer.from('12345'));
    await expect(store.readAll(ref, { range })).rejects.toMatchObject({ code: 'SourceChanged' });
  });

  it('names an object that is missing', async () => {
    const ref = fresh();
    await expect(store.read(ref)).rejects.toMatchObject({ code: 'ObjectMissing', details: ref });
  });

  it('names a key that may not', async () => {
    const { endpoint, region } = servers.minio;
    const stranger = ObjectStore.open({ endpoint, region, accessKey: 'nobody', secretKey: 'nothing12' });
    await expect(stranger.head(fresh())).rejects.toMatchObject({ code: 'StoreDenied' });
    stranger.close();
  });

  it('is not held up by a consumer that leaves', async () => {
    const ref = fresh();
    await store.put(ref, randomBytes(4 * MIB));
    const body = await store.read(ref);
    for await (const chunk of body) {
      expect(chunk).toBeInstanceOf(Buffer);
      break;
    }
    expect(body.destroyed).toBe(true);
  });
});

describe('putting', () => {
  it('refuses a taken key when asked to', async () => {
    const ref = fresh();
    await store.put(ref, Buffer.from('first'), { ifNoneMatch: true });
    await expect(store.put(ref, Buffer.from('second'), { ifNoneMatch: true })).rejects.toMatchObject({
      code: 'ObjectExists',
    });
    expect((await store.readAll(ref)).toString()).toBe('first');
  });

  it.each([
    ['nothing', 0],
    ['less than a part', 1_000],
    ['exactly one part', 5 * MIB],
    ['several parts', 17 * MIB + 3],
  ])('puts a stream of %s', async (_what, sizeBytes) => {
    const ref = fresh();
    const bytes = randomBytes(sizeBytes);
    const stored = await store.putStream(ref, chunksOf(bytes, 700_001), { partBytes: 5 * MIB });
    expect(stored.sizeBytes).toBe(sizeBytes);
    expect(await store.head(ref)).toEqual(stored);
    expect((await store.readAll(ref)).equals(bytes)).toBe(true);
    expect(await uploadsOf(ref.key)).toEqual([]);
  });

  it('leaves neither object nor upload when the source breaks off', async () => {
    const ref = fresh();
    const broken = (async function* () {
      yield* chunksOf(randomBytes(12 * MIB), MIB);
      throw new Error('encoder died');
    })();
    await expect(store.putStream(ref, broken, { partBytes: 5 * MIB })).rejects.toThrow('encoder died');
    expect(await store.head(ref)).toBeUndefined();
    expect(await uploadsOf(ref.key)).toEqual([]);
  });

  it('leaves neither object nor upload when it is aborted while the source stands still', async () => {
    const ref = fresh();
    const controller = new AbortController();
    const stuck = (async function* () {
      yield* chunksOf(randomBytes(12 * MIB), MIB);
      controller.abort(new Error('canceled'));
      await new Promise(() => undefined);
    })();
    const { signal } = controller;
    await expect(store.putStream(ref, stuck, { partBytes: 5 * MIB, signal })).rejects.toThrow('canceled');
    expect(await store.head(ref)).toBeUndefined();
    expect(await uploadsOf(ref.key)).toEqual([]);
  });
});

describe('multipart', () => {
  it('joins uploaded and copied parts, byte for byte, whatever the source is called', async () => {
    const source = fresh('Hof #1 ?50% + (Süd).mp4');
    const bytes = randomBytes(8 * MIB);
    const { etag } = await store.put(source, bytes);
    const target = fresh();
    const upload = { ...target, uploadId: await store.startUpload(target, { contentType: 'video/mp4' }) };
    const head = randomBytes(5 * MIB);
    const copied = { ref: source, ifMatch: etag, offset: 777, length: 6 * MIB };
    const parts = [
      { partNumber: 1, etag: await store.uploadPart(upload, 1, head) },
      { partNumber: 2, etag: await store.copyPart(upload, 2, copied) },
    ];
    expect(await store.listParts(upload)).toEqual([
      { ...parts[0], sizeBytes: 5 * MIB },
      { ...parts[1], sizeBytes: 6 * MIB },
    ]);
    const done = await store.completeUpload(upload, parts, { ifNoneMatch: true });
    expect(done.etag).toBe(etagOfParts(parts.map((part) => part.etag)));
    const expected = Buffer.concat([head, bytes.subarray(777, 777 + 6 * MIB)]);
    expect((await store.readAll(target)).equals(expected)).toBe(true);
  });

  it('refuses to copy from a source that is not the pinned one, and one that is missing', async () => {
    const source = fresh();
    await store.put(source, Buffer.from('one'));
    const target = fresh();
    const upload = { ...target, uploadId: await store.startUpload(target) };
    const ifMatch = etagOfBytes(Buffer.from('two'));
    const copy = (ref: typeof source) => store.copyPart(upload, 1, { ref, ifMatch, offset: 0, length: 3 });
    await expect(copy(source)).rejects.toMatchObject({ code: 'SourceChanged' });
    await expect(copy(fresh())).rejects.toMatchObject({ code: 'ObjectMissing' });
    await store.abortUpload(upload);
  });

  it('refuses to complete over an object that is there, and keeps that one', async () => {
    const target = fresh();
    const upload = { ...target, uploadId: await store.startUpload(target) };
    const etag = await store.uploadPart(upload, 1, Buffer.from('late'));
    await store.put(target, Buffer.from('early'));
    await expect(
      store.completeUpload(upload, [{ partNumber: 1, etag }], { ifNoneMatch: true }),
    ).rejects.toMatchObject({ code: 'ObjectExists' });
    expect((await store.readAll(target)).toString()).toBe('early');
    await store.abortUpload(upload);
  });

  it('finds unfinished uploads by key and by prefix, and aborts them as often as asked', async () => {
    const target = fresh('unfinished/video.mp4');
    const upload = { ...target, uploadId: await store.startUpload(target) };
    const found = [expect.objectContaining(upload)];
    expect(await store.listUploads(BUCKET, target.key)).toEqual(found);
    expect(await store.listUploads(BUCKET, target.key.slice(0, -4))).toEqual(found);
    await store.abortUpload(upload);
    await store.abortUpload(upload);
    expect(await store.listUploads(BUCKET, target.key)).toEqual([]);
    await expect(store.listParts(upload)).rejects.toMatchObject({ code: 'ObjectMissing' });
  });
});

describe('listing and removing', () => {
  it('lists over pages in the order of keys, below a prefix and after a key', async () => {
    const { key } = fresh('');
    const names = Array.from({ length: 1_010 }, (_, n) => `${key}${String(n).padStart(4, '0')} ü`);
    await Promise.all(names.map((name) => store.put({ bucket: BUCKET, key: name }, Buffer.from(name))));
    const listed = async (startAfter?: string) => {
      const keys: string[] = [];
      for await (const object of store.list(BUCKET, key, { startAfter })) {
        expect(object).toMatchObject({
          sizeBytes: Buffer.byteLength(object.key),
          etag: createHash('md5').update(object.key).digest('hex'),
        });
        keys.push(object.key);
      }
      return keys;
    };
    expect(await listed()).toEqual(names);
    expect(await listed(names[1_005])).toEqual(names.slice(1_006));
    expect(await store.removePrefix(BUCKET, key)).toBe(1_010);
    expect(await listed()).toEqual([]);
  }, 30_000);

  it('removes what is there and does not mind what is not', async () => {
    const ref = fresh();
    await store.put(ref, Buffer.from('x'));
    await store.remove(ref);
    await store.remove(ref);
    await store.removeMany(BUCKET, [ref.key, fresh().key]);
    expect(await store.head(ref)).toBeUndefined();
  });
});

describe('links', () => {
  it('gives a link that anybody can read, under the name and type asked for, and no other object', async () => {
    const ref = fresh();
    await store.put(ref, Buffer.from('film'));
    const link = await store.presignGet(ref, {
      expiresSeconds: 60,
      fileName: 'Süd 1.mp4',
      contentType: 'video/mp4',
    });
    const answer = await fetch(link);
    expect(await answer.text()).toBe('film');
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('content-disposition')).toContain(`filename*=UTF-8''S%C3%BCd%201.mp4`);
    expect((await fetch(link.replace('object.bin', 'other.bin'))).status).toBe(403);
  });

  it('signs for the public endpoint without asking any server', async () => {
    const { accessKey, secretKey, region } = servers.minio;
    const far = ObjectStore.open({
      endpoint: 'http://127.0.0.1:1',
      publicEndpoint: 'https://media.example.org',
      accessKey,
      secretKey,
      region,
    });
    const link = await far.presignGet({ bucket: 'exports', key: 'a/b.mp4' }, { expiresSeconds: 900 });
    expect(link).toMatch(/^https:\/\/media\.example\.org\/exports\/a\/b\.mp4\?.*X-Amz-Expires=900/);
    far.close();
  });
});

describe('a store in trouble', () => {
  it.each(['drop', 'busy', 'lose-answer', 'cut-body'] as const)(
    'reads all the same after: %s',
    async (fault) => {
      const ref = fresh();
      const bytes = randomBytes(2 * MIB);
      await store.put(ref, bytes);
      faulty.failNext(fault, fault);
      expect((await shaky.readAll(ref)).equals(bytes)).toBe(true);
    },
  );

  it.each(['hang', 'stall-body'] as const)('reads all the same after: %s', async (fault) => {
    const ref = fresh();
    const bytes = randomBytes(MIB);
    await store.put(ref, bytes);
    faulty.failNext(fault);
    expect((await impatient.readAll(ref)).equals(bytes)).toBe(true);
  });

  it('ends a stream with an error when its body is cut', async () => {
    const ref = fresh();
    await store.put(ref, randomBytes(2 * MIB));
    faulty.failNext('cut-body');
    await expect(bytesOf(await shaky.read(ref))).rejects.toMatchObject({ code: 'StoreUnreachable' });
  });

  it('ends a stream with an error when its body stands still', async () => {
    const ref = fresh();
    await store.put(ref, randomBytes(2 * MIB));
    faulty.failNext('stall-body');
    await expect(bytesOf(await impatient.read(ref))).rejects.toMatchObject({ code: 'StoreUnreachable' });
  });

  it('gives up in the end, and says so', async () => {
    faulty.failNext('drop', 'busy', 'drop');
    await expect(shaky.head(fresh())).rejects.toMatchObject({ code: 'StoreUnreachable', retryable: true });
  });

  it('knows its own write again when the answer was lost', async () => {
    const ref = fresh();
    faulty.failNext('lose-answer');
    const { etag } = await shaky.put(ref, Buffer.from('once'), { ifNoneMatch: true });
    expect(await store.head(ref)).toEqual({ sizeBytes: 4, etag });
  });

  it('does not take another’s write for its own when the answer was lost', async () => {
    const ref = fresh();
    await store.put(ref, Buffer.from('theirs'));
    faulty.failNext('lose-answer');
    await expect(shaky.put(ref, Buffer.from('ours'), { ifNoneMatch: true })).rejects.toMatchObject({
      code: 'ObjectExists',
    });
  });

  it('knows its own completed upload again when the answer was lost', async () => {
    const ref = fresh();
    const upload = { ...ref, uploadId: await store.startUpload(ref) };
    const etag = await store.uploadPart(upload, 1, Buffer.from('whole'));
    faulty.failNext('lose-answer');
    const done = await shaky.completeUpload(upload, [{ partNumber: 1, etag }], { ifNoneMatch: true });
    expect(await store.head(ref)).toEqual({ sizeBytes: 5, etag: done.etag });
  });

  it('stops at once when it is aborted, with the reason of the abort', async () => {
    const controller = new AbortController();
    faulty.failNext('hang');
    const waiting = shaky.head(fresh(), { signal: controller.signal });
    const reason = new Error('worker is stopping');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('ends a stream that is being read when it is aborted', async () => {
    const ref = fresh();
    await store.put(ref, randomBytes(2 * MIB));
    const controller = new AbortController();
    faulty.failNext('stall-body');
    const body = await shaky.read(ref, { signal: controller.signal });
    const reading = bytesOf(body);
    controller.abort(new Error('canceled'));
    await expect(reading).rejects.toThrow('canceled');
  });
});
