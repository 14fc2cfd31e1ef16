import { randomBytes } from 'node:crypto';
import { exportKey } from '@clipmesh/contracts';
import { ObjectStore, planParts, type ObjectRef, type UploadRef } from '@clipmesh/object-store';
import { withMinio } from '@clipmesh/testkit';
import { aWrittenMovie } from '../test/a-written-movie';
import { writeMovie } from './write-movie';
import type { WrittenMovie } from './written-movie';

const servers = withMinio();
let store: ObjectStore;
let written: WrittenMovie;
let parts: number;
let undisturbed: Buffer;
let jobs = 0;

beforeAll(async () => {
  store = ObjectStore.open(servers.minio);
  for (const bucket of ['archive', 'exports']) {
    await store.ensureBucket(bucket);
  }
  written = await aWrittenMovie(store, servers.folder);
  parts = planParts(written.layout.spans).length;
  const target = { bucket: 'exports', key: 'undisturbed.mp4' };
  undisturbed = await store.readAll(await writeMovie(store, { target, earlier: [] }, written, {}));
}, 60_000);

afterAll(() => {
  store.close();
});

/** The keys of a job's claims, and a store that counts the parts sent to it. */
function setup() {
  const job = `job-${String(++jobs)}`;
  const place = (claim: number): ObjectRef => ({ bucket: 'exports', key: exportKey(job, claim) });
  const places = (claim: number) => ({
    target: place(claim),
    earlier: Array.from({ length: claim - 1 }, (_, n) => place(claim - 1 - n)),
  });
  const sent = { parts: 0 };
  const counting = Object.create(store) as ObjectStore;
  counting.copyPart = (...asked) => ((sent.parts += 1), store.copyPart(...asked));
  counting.uploadPart = (...asked) => ((sent.parts += 1), store.uploadPart(...asked));
  return { place, places, sent, counting };
}

/** The first claim as a worker leaves it that has to stop in the middle; how many parts it stored. */
async function interrupt(places: ReturnType<ReturnType<typeof setup>['places']>): Promise<number> {
  const stopping = new AbortController();
  const interrupted = writeMovie(store, places, written, {
    signal: stopping.signal,
    onProgress: () => {
      stopping.abort(new Error('stopping'));
    },
  });
  await expect(interrupted).rejects.toThrow('stopping');
  const [upload] = await store.listUploads(places.target.bucket, places.target.key);
  return (await store.listParts(upload!)).length;
}

const bytesOf = async (ref: ObjectRef) => (await store.readAll(ref)).equals(undisturbed);

it('goes on with the parts that an earlier claim left, and sends only the others', async () => {
  const { place, places, sent, counting } = setup();
  const left = await interrupt(places(1));
  const file = await writeMovie(counting, places(3), written, {});
  expect(file).toMatchObject(place(1));
  expect(left).toBeGreaterThan(0);
  expect(sent.parts).toBe(parts - left);
  expect(await bytesOf(file)).toBe(true);
  expect(await store.listUploads('exports', place(1).key)).toEqual([]);
});

it('takes a file that an earlier claim completed and told nobody of', async () => {
  const { places, sent, counting } = setup();
  const first = await writeMovie(store, places(1), written, {});
  expect(await writeMovie(counting, places(2), written, {})).toEqual(first);
  expect(sent.parts).toBe(0);
});

it('writes a file of its own beside one of the same size and other bytes', async () => {
  const { place, places } = setup();
  await store.put(place(1), randomBytes(written.layout.sizeBytes));
  const file = await writeMovie(store, places(2), written, {});
  expect(file).toMatchObject(place(2));
  expect(await bytesOf(file)).toBe(true);
});

it('writes a file of its own when the upload that it goes on with is aborted under it', async () => {
  const { place, places, counting } = setup();
  await interrupt(places(1));
  const { copyPart, uploadPart } = counting;
  const abortFirst = async (upload: UploadRef) => {
    if (upload.key === place(1).key) {
      await store.abortUpload(upload);
    }
  };
  // Which parts are left is a matter of chance: copied ones, the uploaded one, or both.
  counting.copyPart = async (upload, ...asked) => {
    await abortFirst(upload);
    return copyPart(upload, ...asked);
  };
  counting.uploadPart = async (upload, ...asked) => {
    await abortFirst(upload);
    return uploadPart(upload, ...asked);
  };
  const file = await writeMovie(counting, places(2), written, {});
  expect(file).toMatchObject(place(2));
  expect(await bytesOf(file)).toBe(true);
});

it('finds the upload with parts beside one whose start was answered to nobody', async () => {
  const { places, sent, counting } = setup();
  await store.startUpload(places(1).target);
  await interrupt(places(1));
  const uploads = await store.listUploads('exports', places(1).target.key);
  const left = Math.max(...(await Promise.all(uploads.map(async (u) => (await store.listParts(u)).length))));
  await writeMovie(counting, places(2), written, {});
  expect(sent.parts).toBe(parts - left);
});

it('ends with one whole file when the claim before was only paused and goes on as well', async () => {
  const { place, places } = setup();
  let next: Promise<unknown> | undefined;
  const paused = writeMovie(store, places(1), written, {
    onProgress: () => {
      next ??= writeMovie(store, places(2), written, {});
    },
  });
  await Promise.allSettled([paused]);
  const file = await next;
  expect(file).toMatchObject(place(1));
  expect(await bytesOf(place(1))).toBe(true);
  expect(await store.listUploads('exports', place(2).key)).toEqual([]);
});
