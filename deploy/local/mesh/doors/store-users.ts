import {
  OPERATOR,
  recorderPolicy,
  SERVICES,
  storeGrant,
  storePolicy,
  type StorePolicy,
} from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { signedRequest, type SignedRequest, type SignedStore } from '../signed-request';
import { sealForAdmin } from './madmin-seal';

const ADMIN = '/minio/admin/v3';

/** The services and the operator, each with its own key; repeatable. */
export async function makeStoreUsers(store: SignedStore, secretOf: (user: string) => string): Promise<void> {
  await Promise.all(
    [...SERVICES, OPERATOR].map((user) =>
      makeStoreUser(store, user, secretOf(user), storePolicy(storeGrant(user))),
    ),
  );
}

export async function makeStoreRecorder(
  store: SignedStore,
  recorder: { readonly user: string; readonly secret: string; readonly video: string },
): Promise<void> {
  await makeStoreUser(store, recorder.user, recorder.secret, recorderPolicy(recorder.video));
}

/** A user of MinIO and its policy of the same name. Who has no policy may do nothing. */
async function makeStoreUser(
  store: SignedStore,
  user: string,
  secretKey: string,
  policy: StorePolicy | undefined,
): Promise<void> {
  const body = sealForAdmin(store.secretKey, JSON.stringify({ secretKey, status: 'enabled' }));
  await admin(store, { method: 'PUT', path: `${ADMIN}/add-user`, query: { accessKey: user }, body });
  if (policy === undefined) {
    return;
  }
  await admin(store, {
    method: 'PUT',
    path: `${ADMIN}/add-canned-policy`,
    query: { name: user },
    body: Buffer.from(JSON.stringify(policy)),
  });
  await admin(store, {
    method: 'PUT',
    path: `${ADMIN}/set-user-or-group-policy`,
    query: { policyName: user, userOrGroup: user, isGroup: 'false' },
  });
}

async function admin(store: SignedStore, request: SignedRequest): Promise<void> {
  const { status, text } = await signedRequest(store, request, new Date());
  if (status !== 200) {
    throw new ExportError('ServerNotStarted', {
      message: `MinIO answers ${status} to ${request.path}: ${text}`,
      details: { path: request.path, status },
    });
  }
}
