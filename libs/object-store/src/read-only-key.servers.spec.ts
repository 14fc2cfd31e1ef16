import { withMinio } from '@clipmesh/testkit';
import { ObjectStore } from './object-store';
import type { StoreSettings } from './s3-session';

const servers = withMinio();
let owner: ObjectStore;
let reader: ObjectStore;

beforeAll(async () => {
  const { endpoint, accessKey, secretKey, region } = servers.minio;
  owner = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  reader = ObjectStore.open({ endpoint, accessKey, secretKey, region, readOnly: ['archive'] });
  await owner.ensureBucket('archive');
  await owner.ensureBucket('exports');
  await owner.put({ bucket: 'archive', key: 'a/0.mp4' }, Buffer.from('media'));
  await owner.put({ bucket: 'exports', key: 'b.mp4' }, Buffer.from('clip'));
});

afterAll(() => {
  owner.close();
  reader.close();
});

const denied = { code: 'StoreDenied' };

it('reads what it was opened for', async () => {
  expect((await reader.readAll({ bucket: 'archive', key: 'a/0.mp4' })).toString()).toBe('media');
});

it('tells an object that is not there from one that it may not read', async () => {
  expect(await reader.head({ bucket: 'archive', key: 'a/1.mp4' })).toBeUndefined();
  await expect(reader.readAll({ bucket: 'exports', key: 'b.mp4' })).rejects.toMatchObject(denied);
});

it('is refused whatever would change the store', async () => {
  const ref = { bucket: 'archive', key: 'a/0.mp4' };
  await expect(reader.put(ref, Buffer.from('other'))).rejects.toMatchObject(denied);
  await expect(reader.remove(ref)).rejects.toMatchObject(denied);
  await expect(reader.startUpload(ref)).rejects.toMatchObject(denied);
  expect((await owner.readAll(ref)).toString()).toBe('media');
});

const headWith = async (settings: Partial<StoreSettings>) => {
  const { endpoint, accessKey, secretKey, region } = servers.minio;
  const retries = { attempts: 1, baseDelayMs: 1, maxDelayMs: 1 };
  const own = { endpoint, accessKey, secretKey, region, retries, readOnly: ['archive'], ...settings };
  const store = ObjectStore.open(own);
  try {
    return await store.head({ bucket: 'archive', key: 'a/0.mp4' });
  } finally {
    store.close();
  }
};

it('tells a store that is away from one that gives it no key', async () => {
  // Port 9 is where nobody listens.
  await expect(headWith({ endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({
    code: 'StoreUnreachable',
  });
  await expect(headWith({ secretKey: 'not-the-key' })).rejects.toMatchObject(denied);
});
