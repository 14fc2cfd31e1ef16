import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** A connection that speaks the protocol of NATS itself: what the server refuses is in its own words, and no client is between. */
export class NatsWire {
  private received = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
  }

  /** Rejects with the server's words when it does not let the user in. */
  static async open(url: string, login: object): Promise<NatsWire> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    const wire = new NatsWire(socket);
    await once(socket, 'connect');
    socket.write(
      `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, headers: true, ...login })}\r\n`,
    );
    const [refusal] = await wire.refusals('');
    if (refusal !== undefined) {
      socket.destroy();
      throw new Error(refusal);
    }
    return wire;
  }

  /** Why the server refuses to take a message on the subject; `undefined` when it takes it. */
  async publish(subject: string): Promise<string | undefined> {
    return (await this.refusals(`PUB ${subject} 2\r\n{}\r\n`))[0];
  }

  async subscribe(subject: string, queue = ''): Promise<string | undefined> {
    return (await this.refusals(`SUB ${subject} ${queue} 1\r\nUNSUB 1\r\n`))[0];
  }

  close(): void {
    this.socket.destroy();
  }

  /** The server answers in order: all that it says before PONG is about these lines. */
  private async refusals(lines: string): Promise<string[]> {
    this.received = '';
    this.socket.write(`${lines}PING\r\n`);
    while (!this.received.includes('PONG\r\n') && !this.socket.closed) {
      await this.heard();
    }
    return [...this.received.matchAll(/^-ERR (.*)\r$/gm)].map((match) => match[1] ?? '');
  }

  private heard(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.socket.off('data', go).off('close', go);
        resolve();
      };
      this.socket.on('data', go).on('close', go);
    });
  }
}
