import type { Agent } from 'node:http';
import { AssumeRoleProvider } from 'minio/dist/main/AssumeRoleProvider.js';

/** The process's own key, and where the store is. */
export interface OwnKey {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

const LIFETIME_SECONDS = 3600;

/**
 * A temporary key that can read the given buckets and nothing else, made of the process's own key by STS, whose policy narrows it
 * in the store itself: what this process does by mistake, the store refuses. It is renewed shortly before it ends.
 */
export function readOnlyKey(
  settings: OwnKey,
  buckets: readonly string[],
  transportAgent: Agent,
): AssumeRoleProvider {
  return new AssumeRoleProvider({
    stsEndpoint: settings.endpoint,
    accessKey: settings.accessKey,
    secretKey: settings.secretKey,
    region: settings.region,
    durationSeconds: LIFETIME_SECONDS,
    policy: JSON.stringify(readPolicy(buckets)),
    transportAgent,
  });
}

function readPolicy(buckets: readonly string[]): object {
  const arns = buckets.map((bucket) => `arn:aws:s3:::${bucket}`);
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: arns.map((arn) => `${arn}/*`) },
      // Without it an object that is not there is told as one that is forbidden.
      { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: arns },
    ],
  };
}
