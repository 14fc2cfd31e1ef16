import { exportKey, manifestKey, type JobRecord } from '@clipmesh/contracts';
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
  const clear = (now: JobRecord | undefined) => clearLostClaim(store, aJob(id, 'writing'), 2, now);
  const left = async () => {
    const keys: string[] = [];
    for await (const object of store.list('exports', `${id}/`)) {
      keys.push(object.key.replace(`${id}/`, ''));
    }
    return { keys, uploads: (await store.listUploads('exports', key)).length };
  };
  return { clear, left, id };
}

const aJob = (id: string, state: JobRecord['state'], fileKey?: string) =>
  ({
    id,
    state,
    ...(fileKey === undefined ? {} : { written: { file: { key: fileKey }, manifest: { key: 'manifest' } } }),
  }) as JobRecord;

const ALL = ['2/export.mp4', '2/manifest.json'];

it('leaves everything to the next claim while the job is live', async () => {
  const { clear, left, id } = await setup('live');
  await clear(aJob(id, 'writing'));
  expect(await left()).toEqual({ keys: ALL, uploads: 1 });
});

it('removes what a claim wrote after its job had ended', async () => {
  const { clear, left, id } = await setup('ended');
  await clear(aJob(id, 'canceled'));
  expect(await left()).toEqual({ keys: [], uploads: 0 });
});

it('keeps the export, which another claim may have finished under this one’s key', async () => {
  const { clear, left, id } = await setup('committed');
  await clear(aJob(id, 'completed', exportKey(id, 2)));
  expect(await left()).toEqual({ keys: ['2/export.mp4'], uploads: 0 });
});

it('removes no object when the job’s record is gone', async () => {
  const { clear, left } = await setup('gone');
  await clear(undefined);
  expect(await left()).toEqual({ keys: ALL, uploads: 0 });
});
