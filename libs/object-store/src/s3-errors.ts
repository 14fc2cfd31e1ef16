import { isNativeError } from 'node:util/types';
import { ExportError, type ErrorCode } from '@clipmesh/errors';
import { S3Error } from 'minio';

/** What was asked of the store, for messages and for the errors whose meaning depends on it. */
export interface StoreRequest {
  /** The verb in our words: `read`, `put`, `copyPart`. */
  readonly verb: string;
  readonly bucket: string;
  readonly key?: string;
  /** What a failed precondition (412) means here: a pinned source differs, or the target is there already. */
  readonly onPrecondition?: 'SourceChanged' | 'ObjectExists';
  readonly details?: Readonly<Record<string, unknown>>;
}

/** No answer in time: the server may still have done what it was told. */
export class StoreTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
    this.name = 'StoreTimeout';
  }
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  NoSuchKey: 'ObjectMissing',
  NoSuchBucket: 'ObjectMissing',
  NoSuchVersion: 'ObjectMissing',
  NoSuchUpload: 'ObjectMissing',
  NotFound: 'ObjectMissing',
  AccessDenied: 'StoreDenied',
  AllAccessDisabled: 'StoreDenied',
  AccountProblem: 'StoreDenied',
  InvalidAccessKeyId: 'StoreDenied',
  SignatureDoesNotMatch: 'StoreDenied',
  ExpiredToken: 'StoreDenied',
  InvalidTokenId: 'StoreDenied',
  InvalidToken: 'StoreDenied',
  // Not a matter of keys, but like them of this machine's set-up: its clock.
  RequestTimeTooSkewed: 'StoreDenied',
  XMinioStorageFull: 'StoreFull',
  XMinioAdminBucketQuotaExceeded: 'StoreFull',
  QuotaExceeded: 'StoreFull',
  // The range was computed from the object's index: an object too short for it is another one.
  InvalidRange: 'SourceChanged',
  // The parts are not the ones we know: another attempt worked on the same upload. It is written again.
  InvalidPart: 'OutputInvalid',
  InvalidPartOrder: 'OutputInvalid',
  EntityTooSmall: 'OutputInvalid',
  IncompleteBody: 'StoreUnreachable',
  InternalError: 'StoreUnreachable',
  RequestTimeout: 'StoreUnreachable',
  ServiceUnavailable: 'StoreUnreachable',
  SlowDown: 'StoreUnreachable',
  SlowDownRead: 'StoreUnreachable',
  SlowDownWrite: 'StoreUnreachable',
  XMinioServerNotInitialized: 'StoreUnreachable',
  XMinioReadQuorum: 'StoreUnreachable',
  XMinioWriteQuorum: 'StoreUnreachable',
};

/** minio-js throws a bare error with this text for 408, 429, 5xx and drops the body that says more. */
const RETRYABLE_STATUS = /Retryable HTTP status: \d+/;

/** What minio-js wraps around whatever kept it from a temporary key. */
const NO_TEMPORARY_KEY = /^(Unable to get|Failed to get) [Cc]redentials/;

/** Anything that a request threw as the error that our callers know. */
export function toStoreError(thrown: unknown, request: StoreRequest): ExportError {
  if (thrown instanceof ExportError) {
    return thrown;
  }
  const s3Code = s3CodeOf(thrown);
  const code = errorCodeOf(thrown, s3Code, request);
  const place = request.key === undefined ? request.bucket : `${request.bucket}/${request.key}`;
  return new ExportError(code, {
    message: `cannot ${request.verb} ${place}: ${describe(thrown, s3Code)}`,
    details: {
      bucket: request.bucket,
      ...(request.key === undefined ? {} : { key: request.key }),
      ...(s3Code === undefined ? {} : { s3Code }),
      ...request.details,
    },
    cause: thrown,
  });
}

function errorCodeOf(thrown: unknown, s3Code: string | undefined, request: StoreRequest): ErrorCode {
  if (s3Code === 'PreconditionFailed' || s3Code === 'ConditionalRequestConflict') {
    return request.onPrecondition ?? 'InternalError';
  }
  if (s3Code !== undefined) {
    return CODES[s3Code] ?? 'InternalError';
  }
  if (isNativeError(thrown) && NO_TEMPORARY_KEY.test(thrown.message)) {
    return causesOf(thrown).some(isTransportFailure) ? 'StoreUnreachable' : 'StoreDenied';
  }
  return isTransportFailure(thrown) ? 'StoreUnreachable' : 'InternalError';
}

/** From the outermost error down to what happened at first. */
function causesOf(error: Error): unknown[] {
  const { cause } = error;
  return [error, ...(isNativeError(cause) ? causesOf(cause) : [cause])];
}

function s3CodeOf(thrown: unknown): string | undefined {
  if (thrown instanceof S3Error) {
    return thrown.code === '' ? undefined : thrown.code;
  }
  // An <Error> in the body of an answer with status 200: minio-js throws the parsed element as it is.
  return isErrorElement(thrown) ? thrown.Code : undefined;
}

function isErrorElement(thrown: unknown): thrown is { Code: string; Message?: string } {
  return typeof thrown === 'object' && thrown !== null && 'Code' in thrown && typeof thrown.Code === 'string';
}

// `isNativeError` rather than `instanceof`: Node's own errors come from another realm when jest runs this.
function isTransportFailure(thrown: unknown): boolean {
  if (thrown instanceof StoreTimeout) {
    return true;
  }
  if (!isNativeError(thrown)) {
    return false;
  }
  // An S3 error without a code is an answer that is not S3: a proxy's page, or an empty body.
  return thrown instanceof S3Error || hasSystemCode(thrown) || RETRYABLE_STATUS.test(thrown.message);
}

/** Node's network errors carry a code such as `ECONNRESET`; its argument errors begin with `ERR_`. */
function hasSystemCode(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^E(?!RR_)|^HPE_/.test(error.code);
}

function describe(thrown: unknown, s3Code: string | undefined): string {
  const message = isNativeError(thrown) ? thrown.message : isErrorElement(thrown) ? thrown.Message : thrown;
  return s3Code === undefined ? String(message) : `${s3Code} (${String(message)})`;
}
