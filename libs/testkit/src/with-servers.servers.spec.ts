import { existsSync } from 'node:fs';
import { withServers } from './with-servers';

const readTooEarly = (() => {
  const early = withServers();
  try {
    return early.nats.url;
  } catch (error) {
    return String(error);
  }
})();

describe('withServers', () => {
  const servers = withServers();
  let ports: number[] = [];

  it('says so when the servers are read before they run', () => {
    expect(readTooEarly).toContain('nats runs from beforeAll on');
  });

  it('has both servers up in the first test', () => {
    ports = [servers.nats.port, servers.minio.port];
    expect([servers.nats.isRunning, servers.minio.isRunning]).toEqual([true, true]);
  });

  it('gives all tests of the file the same servers', () => {
    expect([servers.nats.port, servers.minio.port]).toEqual(ports);
  });

  afterAll(() => {
    // Declared last, so it runs last: the servers were stopped and their folder removed before.
    expect([servers.nats.isRunning, servers.minio.isRunning, existsSync(servers.folder)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
