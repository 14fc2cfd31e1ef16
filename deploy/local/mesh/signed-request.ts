import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';

const TIMEOUT_MS = 10_000;

export interface RootCredentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** A store on 127.0.0.1, and whose requests it is to take. */
export interface SignedStore extends RootCredentials {
  readonly port: number;
  readonly region: string;
}

export interface SignedRequest {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface SignedAnswer {
  readonly status: number;
  readonly text: string;
}

/** The status of a signed `GET /` (list buckets): 200 only from the store that knows the key. */
export async function listBucketsStatus(store: SignedStore, now: Date): Promise<number> {
  return (await signedRequest(store, { method: 'GET', path: '/' }, now)).status;
}

/** A request with signature version 4: canonical request, string to sign, and a key derived through each part of the scope. */
export async function signedRequest(
  { port, region, accessKey, secretKey }: SignedStore,
  { method, path, query = {}, body = Buffer.alloc(0) }: SignedRequest,
  now: Date,
): Promise<SignedAnswer> {
  const host = `127.0.0.1:${port}`;
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const bodyHash = sha256(body);
  const signed = { host, 'x-amz-content-sha256': bodyHash, 'x-amz-date': time };
  const names = Object.keys(signed).join(';');
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const search = Object.entries(query)
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .sort()
    .join('&');
  const canonical = [method, path, search, headers.join(''), names, bodyHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const credential = [accessKey, ...scope].join('/');
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  const target = search === '' ? path : `${path}?${search}`;
  return send(port, method, target, { ...signed, authorization }, body);
}

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

async function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<SignedAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      host: '127.0.0.1',
      method,
      path,
      headers,
      agent: false,
      timeout: TIMEOUT_MS,
    });
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
    asked.end(body);
  });
}
