import { ExportError } from '@clipmesh/errors';
import { S3Error } from 'minio';
import { StoreTimeout, toStoreError, type StoreRequest } from './s3-errors';

const request: StoreRequest = { verb: 'read', bucket: 'archive', key: 'cam/1.mp4' };

function s3Error(code: string): S3Error {
  const error = new S3Error('what the server said');
  error.code = code;
  return error;
}

function systemError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe('toStoreError', () => {
  it.each([
    ['a missing object', s3Error('NoSuchKey'), 'ObjectMissing'],
    ['a missing object, asked by HEAD', s3Error('NotFound'), 'ObjectMissing'],
    ['a missing upload', s3Error('NoSuchUpload'), 'ObjectMissing'],
    ['a key without the right', s3Error('AccessDenied'), 'StoreDenied'],
    ['a wrong secret', s3Error('SignatureDoesNotMatch'), 'StoreDenied'],
    ['a full disk', s3Error('XMinioStorageFull'), 'StoreFull'],
    ['a range behind the end', s3Error('InvalidRange'), 'SourceChanged'],
    ['parts that another attempt replaced', s3Error('InvalidPart'), 'OutputInvalid'],
    ['a server in trouble', s3Error('InternalError'), 'StoreUnreachable'],
    ['an answer that is not S3', new S3Error(''), 'StoreUnreachable'],
    ['an error element after status 200', { Code: 'SlowDown', Message: 'later' }, 'StoreUnreachable'],
    [
      'minio-js on a 503',
      new Error('Request failed after 0 retries: Error: Retryable HTTP status: 503'),
      'StoreUnreachable',
    ],
    ['a refused connection', systemError('ECONNREFUSED'), 'StoreUnreachable'],
    ['a broken connection', systemError('ECONNRESET'), 'StoreUnreachable'],
    ['no answer in time', new StoreTimeout(20), 'StoreUnreachable'],
    ['a request that S3 does not understand', s3Error('MalformedXML'), 'InternalError'],
    [
      'a wrong argument in our code',
      Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
      'InternalError',
    ],
  ])('names %s', (_what, thrown, code) => {
    expect(toStoreError(thrown, request).code).toBe(code);
  });

  it.each(['SourceChanged', 'ObjectExists'] as const)(
    'says what a failed precondition means: %s',
    (meaning) => {
      const error = toStoreError(s3Error('PreconditionFailed'), { ...request, onPrecondition: meaning });
      expect(error.code).toBe(meaning);
    },
  );

  it('names verb, bucket, key and the server’s own code, and keeps the cause', () => {
    const cause = s3Error('NoSuchKey');
    const error = toStoreError(cause, { ...request, details: { offset: 7 } });
    expect(error).toMatchObject({
      message: 'cannot read archive/cam/1.mp4: NoSuchKey (what the server said)',
      details: { bucket: 'archive', key: 'cam/1.mp4', s3Code: 'NoSuchKey', offset: 7 },
      cause,
    });
  });

  it('leaves an error that is ours as it is', () => {
    const ours = new ExportError('JobCanceled', { message: 'canceled' });
    expect(toStoreError(ours, request)).toBe(ours);
  });
});
