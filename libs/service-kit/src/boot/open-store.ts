import { BUCKETS } from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import type { MeshSettings } from '../settings/mesh-settings';
import type { WorkLog } from '../work/work-log';
import { untilThere } from './until-there';

/** The object store, with every bucket of the mesh in place. */
export async function openStore(settings: MeshSettings, log: WorkLog): Promise<ObjectStore> {
  const { s3Endpoint, s3PublicEndpoint, s3AccessKey, s3SecretKey, s3Region, startPatienceMs } = settings;
  const store = ObjectStore.open({
    endpoint: s3Endpoint,
    accessKey: s3AccessKey,
    secretKey: s3SecretKey,
    region: s3Region,
    ...(s3PublicEndpoint === undefined ? {} : { publicEndpoint: s3PublicEndpoint }),
  });
  try {
    for (const bucket of Object.values(BUCKETS)) {
      await untilThere('the object store', () => store.ensureBucket(bucket), {
        patienceMs: startPatienceMs,
        log,
      });
    }
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}
