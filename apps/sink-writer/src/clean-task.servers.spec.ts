import {
  exportKey,
  manifestKey,
  partKey,
  scratchPrefix,
  type JobRecord,
  type TaskRecord,
} from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import { withMinio } from '@clipmesh/testkit';
import { cleanJob } from './clean-task';

const servers = withMinio();
const ID = 'job-1';
const CONTEXT = { signal: new AbortController().signal, claim: 1, progress: () => undefined };
let store: ObjectStore;

beforeAll(async () => {
  store = ObjectStore.open(servers.minio);
  await store.ensureBucket('exports');
  await store.ensureBucket('work');
});

afterAll(() => {
  store.close();
});

/** All that three claims of a job can leave: objects, and uploads that are still open. */
async function leave(): Promise<void> {
  for (const claim of [1, 2, 3]) {
    for (const key of [exportKey(ID, claim), manifestKey(ID, claim)]) {
      await store.put({ bucket: 'exports', key }, Buffer.from(key));
    }
    await store.startUpload({ bucket: 'exports', key: exportKey(ID, claim) });
  }
  await store.put({ bucket: 'work', key: `${scratchPrefix(ID)}plan` }, Buffer.from('plan'));
  // Of the first piece, and of one that came behind others.
  for (const piece of [0, 3]) {
    await store.startUpload({
      bucket: 'work',
      key: partKey({ jobId: ID, stage: 'encode', task: '0', claim: 1 }, piece),
    });
  }
}

async function left() {
  const keys: string[] = [];
  for (const bucket of ['exports', 'work']) {
    for await (const { key } of store.list(bucket, '')) {
      keys.push(key);
    }
  }
  const uploads = [...(await store.listUploads('exports', '')), ...(await store.listUploads('work', ''))];
  return { keys, uploads: uploads.map(({ key }) => key) };
}

/** A part that was claimed so often, and never finished. */
const encodeTask = (claim: number) =>
  ({ jobId: ID, stage: 'encode', task: '0', claim, state: 'canceled' }) as TaskRecord;

const aJob = (facts: object) =>
  ({ id: ID, state: 'failed', pipeline: { source: { ranges: [{}] } }, ...facts }) as unknown as JobRecord;

it('keeps the file that one claim began and the manifest that another wrote, and nothing else', async () => {
  await leave();
  const written = { file: { key: exportKey(ID, 1) }, manifest: { key: manifestKey(ID, 2) } };
  await cleanJob(
    store,
    aJob({ state: 'completed', written }),
    { encode: [encodeTask(2)], write: 3 },
    CONTEXT,
  );
  expect(await left()).toEqual({ keys: [exportKey(ID, 1), manifestKey(ID, 2)], uploads: [] });
});

it('keeps nothing of a job that has no file', async () => {
  await leave();
  await cleanJob(store, aJob({ state: 'failed' }), { encode: [encodeTask(1)], write: 3 }, CONTEXT);
  expect(await left()).toEqual({ keys: [], uploads: [] });
});

it('knows all files of a job that makes several', async () => {
  const keys = [0, 1].flatMap((file) => [exportKey(ID, 1, file), manifestKey(ID, 1, file)]);
  for (const key of keys) {
    await store.put({ bucket: 'exports', key }, Buffer.from(key));
  }
  await store.startUpload({ bucket: 'exports', key: exportKey(ID, 2, 1) });
  const [file, manifest, furtherFile, furtherManifest] = keys.map((key) => ({ key }));
  const written = { file, manifest, further: [{ file: furtherFile, manifest: furtherManifest }] };
  const planned = { further: [{}] };
  await cleanJob(store, aJob({ state: 'completed', planned, written }), { encode: [], write: 2 }, CONTEXT);
  expect(await left()).toEqual({ keys: keys.toSorted(), uploads: [] });
  await cleanJob(store, aJob({ state: 'canceled', planned }), { encode: [], write: 2 }, CONTEXT);
  expect(await left()).toEqual({ keys: [], uploads: [] });
});
