import { exportKey, manifestKey, type JobRecord, type TaskRecord } from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import { withMinio } from '@clipmesh/testkit';
import { clearLostClaim } from './lost-claim';

const servers = withMinio();
let store: ObjectStore;

beforeAll(async () => {
  store = ObjectStore.open(servers.minio);
  await store.ensureBucket('exports');
});

afterAll(() => {
  store.close();
});

/** What the second claim of a write task left: a file with its manifest, and an open upload. */
async function setup(id: string) {
  const key = exportKey(id, 2);
  await store.put({ bucket: 'exports', key }, Buffer.from('file'));
  await store.put({ bucket: 'exports', key: manifestKey(id, 2) }, Buffer.from('{}'));
  await store.startUpload({ bucket: 'exports', key });
  const task = { jobId: id, claim: 2 } as TaskRecord;
  const left = async () => {
    const keys: string[] = [];
    for await (const object of store.list('exports', `${id}/`)) {
      keys.push(object.key.replace(`${id}/`, ''));
    }
    return { keys, uploads: (await store.listUploads('exports', key)).length };
  };
  return { task, left, id };
}

const aJob = (id: string, state: JobRecord['state'], fileKey?: string) =>
  ({
    id,
    state,
    ...(fileKey === undefined ? {} : { written: { file: { key: fileKey }, manifest: { key: 'manifest' } } }),
  }) as JobRecord;

const ALL = ['2/export.mp4', '2/manifest.json'];

it('leaves everything to the next claim while the job is live', async () => {
  const { task, left, id } = await setup('live');
  await clearLostClaim(store, task, aJob(id, 'writing'));
  expect(await left()).toEqual({ keys: ALL, uploads: 1 });
});

it('removes what a claim wrote after its job had ended', async () => {
  const { task, left, id } = await setup('ended');
  await clearLostClaim(store, task, aJob(id, 'canceled'));
  expect(await left()).toEqual({ keys: [], uploads: 0 });
});

it('keeps the export, which another claim may have finished under this one’s key', async () => {
  const { task, left, id } = await setup('committed');
  await clearLostClaim(store, task, aJob(id, 'completed', exportKey(id, 2)));
  expect(await left()).toEqual({ keys: ['2/export.mp4'], uploads: 0 });
});

it('removes no object when the job’s record is gone', async () => {
  const { task, left } = await setup('gone');
  await clearLostClaim(store, task, undefined);
  expect(await left()).toEqual({ keys: ALL, uploads: 0 });
});
