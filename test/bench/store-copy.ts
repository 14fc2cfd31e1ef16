import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { MinioServer } from '@clipmesh/local';
import type { ObjectRef } from '@clipmesh/object-store';

const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** S3's CopyObject, one request, which Clipmesh itself has no use for: the store copies a whole object by itself. */
export async function copyObject(minio: MinioServer, source: ObjectRef, target: ObjectRef): Promise<void> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const path = `/${target.bucket}/${target.key}`;
  const signed = {
    host: new URL(minio.endpoint).host,
    'x-amz-content-sha256': EMPTY_SHA256,
    'x-amz-copy-source': `/${source.bucket}/${source.key}`,
    'x-amz-date': time,
  };
  const authorization = authorize(minio, time, path, signed);
  const { status, body } = await put(minio.port, path, { ...signed, authorization });
  // A copy that fails on its way is answered 200 with an error in the body.
  if (status !== 200 || body.includes('<Error>')) {
    throw new Error(`CopyObject was answered ${String(status)}: ${body}`);
  }
}

/** Signature version 4. */
function authorize(
  { accessKey, secretKey, region }: MinioServer,
  time: string,
  path: string,
  signed: Record<string, string>,
): string {
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const names = Object.keys(signed).join(';');
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['PUT', path, '', headers.join(''), names, EMPTY_SHA256].join('\n');
  const canonicalHash = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), canonicalHash].join('\n');
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const credential = [accessKey, ...scope].join('/');
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

async function put(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ method: 'PUT', port, host: '127.0.0.1', path, headers, agent: false });
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
