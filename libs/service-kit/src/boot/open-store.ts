import { bucketsOf } from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import type { MeshSettings } from '../settings/mesh-settings';
import type { WorkLog } from '../work/work-log';
import { untilThere } from './until-there';

/** What a service may do in the object store. */
export type StoreAccess = 'readWrite' | 'readOnly';

/** The object store, with every bucket in place that this service uses, unless it may not make them. */
export async function openStore(
  service: string,
  settings: MeshSettings,
  log: WorkLog,
  access: StoreAccess,
): Promise<ObjectStore> {
  const { s3Endpoint, s3PublicEndpoint, s3AccessKey, s3SecretKey, s3Region, startPatienceMs } = settings;
  const buckets = bucketsOf(service);
  const store = ObjectStore.open({
    endpoint: s3Endpoint,
    accessKey: s3AccessKey,
    secretKey: s3SecretKey,
    region: s3Region,
    ...(s3PublicEndpoint === undefined ? {} : { publicEndpoint: s3PublicEndpoint }),
    ...(access === 'readOnly' ? { readOnly: buckets } : {}),
  });
  if (access === 'readOnly') {
    return store;
  }
  try {
    for (const bucket of buckets) {
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
