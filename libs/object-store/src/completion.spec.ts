import { S3Error } from 'minio';
import { parseCompletion } from './completion';

describe('parseCompletion', () => {
  it('reads the ETag without its quotes, escaped or not', () => {
    const answer = (etag: string) =>
      `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`;
    expect(parseCompletion(answer('&#34;abc-2&#34;'))).toBe('abc-2');
    expect(parseCompletion(answer('"abc-2"'))).toBe('abc-2');
  });

  it('throws the refusal that comes with status 200', () => {
    const answer = '  <Error><Code>PreconditionFailed</Code><Message>it exists</Message></Error>';
    expect(refusalOf(answer)).toMatchObject({ code: 'PreconditionFailed', message: 'it exists' });
  });

  it('takes an error without a code as a failure of the server', () => {
    expect(refusalOf('<Error></Error>')).toMatchObject({ code: 'InternalError' });
  });
});

function refusalOf(xml: string): unknown {
  try {
    return parseCompletion(xml);
  } catch (error) {
    expect(error).toBeInstanceOf(S3Error);
    return error;
  }
}
