import { createServer, type AddressInfo, type Server } from 'node:net';
import { natsServerName } from './nats-info';

let server: Server;

afterEach(() => {
  server.close();
});

async function portThatGreets(greeting: string): Promise<number> {
  server = createServer((socket) => socket.end(greeting));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('natsServerName', () => {
  it('reads the name from the INFO of a server', async () => {
    const port = await portThatGreets('INFO {"server_id":"N","server_name":"mine"} \r\n');
    await expect(natsServerName(port)).resolves.toBe('mine');
  });

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
    ['no name', 'INFO {}\r\n'],
    ['no whole line', 'INFO {"server_na'],
  ])('rejects %s', async (_case, greeting) => {
    await expect(natsServerName(await portThatGreets(greeting))).rejects.toThrow();
  });
});
