import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';

const TIMEOUT_MS = 5_000;
const EMPTY_SHA256 = createHash('sha256').digest('hex');

export interface RootCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The status of a signed `GET /` (list buckets) of a store on 127.0.0.1: 200 only from the one that knows the key. */
export async function listBucketsStatus(
  port: number,
  region: string,
  { accessKey, secretKey }: RootCredentials,
  now: Date,
): Promise<number> {
  const host = `127.0.0.1:${port}`;
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const signed = { host, 'x-amz-content-sha256': EMPTY_SHA256, 'x-amz-date': time };
  const names = Object.keys(signed).join(';');
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  // Signature version 4: canonical request, string to sign, and a key derived through each part of the scope.
  const canonical = ['GET', '/', '', headers.join(''), names, EMPTY_SHA256].join('\n');
  const canonicalHash = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), canonicalHash].join('\n');
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const credential = [accessKey, ...scope].join('/');
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return status(port, { ...signed, authorization });
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

async function status(port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/', headers, agent: false, timeout: TIMEOUT_MS });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end();
  });
}
