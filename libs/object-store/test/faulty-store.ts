import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to one request: `pass` it on, or fail it in one of the ways that networks and servers do. */
export type Fault =
  | 'pass'
  /** Takes the request and never answers. */
  | 'hang'
  /** Closes the connection without passing the request on. */
  | 'drop'
  /** Passes the request on, then closes the connection instead of answering: it has happened, nobody knows. */
  | 'lose-answer'
  /** Answers 503 as an overloaded server does. */
  | 'busy'
  /** Sends the first half of the body, then closes the connection. */
  | 'cut-body'
  /** Sends the first half of the body, then nothing more. */
  | 'stall-body';

export interface FaultyStore {
  readonly endpoint: string;
  /** Method and path of every request, in order. */
  readonly seen: readonly string[];
  /** What happens to the next requests; afterwards everything passes. */
  failNext(...faults: Fault[]): void;
  close(): Promise<void>;
}

/** A proxy before a real store. The signed Host header goes through unchanged, so the store accepts the signature. */
export async function faultyStoreBefore(endpoint: string): Promise<FaultyStore> {
  const target = new URL(endpoint);
  const seen: string[] = [];
  let faults: Fault[] = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(faults.shift() ?? 'pass', target, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    failNext: (...next) => {
      faults = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  fault: Fault,
  target: URL,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  switch (fault) {
    case 'hang':
      request.resume();
      return;
    case 'drop':
      request.socket.destroy();
      return;
    case 'busy':
      request.resume();
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>busy</Message></Error>');
      return;
    case 'pass':
    case 'lose-answer':
    case 'cut-body':
    case 'stall-body':
      passOn(fault, target, request, response);
  }
}

function passOn(
  fault: Fault,
  target: URL,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const { method, url, headers } = request;
  const upstream = http.request({ host: target.hostname, port: target.port, method, path: url, headers });
  upstream.on('response', (answered) => {
    if (fault === 'lose-answer') {
      answered.resume().on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(answered.statusCode ?? 500, answered.headers);
    if (fault === 'pass') {
      answered.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answered.on('data', (chunk: Buffer) => chunks.push(chunk));
    answered.on('end', () => {
      const body = Buffer.concat(chunks);
      response.write(body.subarray(0, body.length / 2), () => {
        if (fault === 'cut-body') {
          request.socket.destroy();
        }
      });
    });
  });
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}
