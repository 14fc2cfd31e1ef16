import { Agent, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

/** What one request took, in milliseconds. */
export interface Fetched {
  readonly firstByteMs: number;
  readonly wholeMs: number;
  readonly bytes: number;
}

/** A plain client on one connection: asks, counts and throws away. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** Reads to the end, or only until the first bytes of the body are there. */
  async fetch(url: string, upTo: 'end' | 'first byte' = 'end'): Promise<Fetched> {
    const startedAt = performance.now();
    const [response] = (await once(get(url, { agent: this.agent }), 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) {
      throw new Error(`${url} answers ${String(response.statusCode)}`);
    }
    let bytes = 0;
    let firstByteMs = NaN;
    response.on('data', (chunk: Buffer) => {
      firstByteMs = bytes === 0 ? performance.now() - startedAt : firstByteMs;
      bytes += chunk.length;
      if (upTo === 'first byte') {
        response.destroy();
      }
    });
    await once(response, 'close');
    return { firstByteMs, wholeMs: performance.now() - startedAt, bytes };
  }

  close(): void {
    this.agent.destroy();
  }
}
