import { BUCKETS } from '../buckets';
import { OPERATOR, SERVICES, type ServiceUser } from './mesh-users';

/** `read` an object, `write` one, in parts too, `list` the bucket, `remove` objects. */
export type StoreAction = 'read' | 'write' | 'list' | 'remove';
type Bucket = keyof typeof BUCKETS;
export type StoreGrant = Readonly<Partial<Record<Bucket, readonly StoreAction[]>>>;

const ALL: readonly StoreAction[] = ['read', 'write', 'list', 'remove'];

/**
 * The least that each service needs. Who reads also lists: without it the store tells an object that is not there as one that
 * is forbidden.
 */
const STORE_GRANTS: Readonly<Record<ServiceUser, StoreGrant>> = {
  'topology-registry': {},
  'job-scheduler': {},
  // It owns the archive: MP4 copies of segments, deletion with the video; and it removes the files of exported videos.
  'segment-reader': {
    archive: ALL,
    index: ALL,
    work: ['read', 'write', 'list'],
    exports: ['read', 'list', 'remove'],
  },
  'encoder-worker': { archive: ['read', 'list'], work: ['read', 'write', 'list'] },
  'sink-writer': { archive: ['read', 'list'], work: ['read', 'list', 'remove'], exports: ALL },
  'api-gateway': { archive: ['read', 'list'], index: ['read', 'list'] },
};

const OPERATOR_STORE: StoreGrant = { archive: ALL, index: ALL, work: ALL, exports: ALL };

const isService = (user: string): user is ServiceUser => SERVICES.some((service) => service === user);

/** Of a service or of the operator; somebody unknown is given nothing. */
export function storeGrant(user: string): StoreGrant {
  return user === OPERATOR ? OPERATOR_STORE : isService(user) ? STORE_GRANTS[user] : {};
}

/** The buckets that a service must find at its start; all of them for one that is not of this mesh. */
export function bucketsOf(service: string): string[] {
  const bucket = isService(service) ? Object.keys(STORE_GRANTS[service]) : Object.keys(BUCKETS);
  return Object.entries(BUCKETS).flatMap(([name, bucketName]) => (bucket.includes(name) ? [bucketName] : []));
}

const S3_ACTIONS: Readonly<Record<StoreAction, readonly string[]>> = {
  read: ['s3:GetObject'],
  write: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
  remove: ['s3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
  list: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
};

/** A policy as S3 takes it. */
export interface StorePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

/** `undefined` for who needs nothing: S3 knows no policy without a statement. */
export function storePolicy(grant: StoreGrant): StorePolicy | undefined {
  const statements = Object.entries(BUCKETS).flatMap(([name, bucket]) => {
    // The keys of `BUCKETS` are what a grant is made of; Object.entries widens them to string.
    const actions = grant[name as Bucket] ?? [];
    const onObjects = actions.filter((action) => action !== 'list').flatMap((action) => S3_ACTIONS[action]);
    return [
      ...(actions.includes('list') ? [allow(S3_ACTIONS.list, arn(bucket))] : []),
      ...(onObjects.length > 0 ? [allow([...new Set(onObjects)], `${arn(bucket)}/*`)] : []),
    ];
  });
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
}

/** A recorder writes what lies under the name of its video in the bucket `archive`, and can look whether it is there. */
export function recorderPolicy(video: string): StorePolicy {
  return {
    Version: '2012-10-17',
    Statement: [
      allow(['s3:GetBucketLocation'], arn(BUCKETS.archive)),
      {
        ...allow(['s3:ListBucket'], arn(BUCKETS.archive)),
        Condition: { StringLike: { 's3:prefix': [`${video}/*`] } },
      },
      allow([...S3_ACTIONS.read, ...S3_ACTIONS.write], `${arn(BUCKETS.archive)}/${video}/*`),
    ],
  };
}

const arn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
const allow = (Action: readonly string[], Resource: string): object => ({
  Effect: 'Allow',
  Action,
  Resource: [Resource],
});
