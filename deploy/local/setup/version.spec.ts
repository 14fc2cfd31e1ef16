import { FakeMachine } from './fake-machine';

const PINNED_MINIO = 'v0.0.0-20260212201848-7aac2a2c5b7c';

describe('isNewEnough', () => {
  it.each([
    ['the same', 'nats-server: v2.15.2', 'v2.15.2', true],
    ['a later patch', 'nats-server: v2.15.10', 'v2.15.2', true],
    ['a later minor', 'nats-server: v2.16.0', 'v2.15.2', true],
    ['an earlier minor', 'nats-server: v2.9.99', 'v2.15.2', false],
    ['another major', 'nats-server: v3.0.0', 'v2.15.2', false],
    ['a later MinIO release', 'minio version RELEASE.2026-03-01T00-00-00Z (x)', PINNED_MINIO, true],
    ['an earlier MinIO release', 'minio version RELEASE.2025-09-07T16-13-09Z (x)', PINNED_MINIO, false],
    ['the pinned commit itself', PINNED_MINIO, PINNED_MINIO, true],
    ['no version at all', 'unknown', PINNED_MINIO, false],
  ])('decides for %s', async (_case, found, pinned, expected) => {
    const machine = new FakeMachine();
    const versions = [found, pinned].map((text) => `it.parseVersion(${JSON.stringify(text)})`).join();
    const { stdout } = await machine.start('version.mjs', `it.isNewEnough(${versions})`).ending;
    machine.remove();
    expect(JSON.parse(stdout)).toBe(expected);
  });
});
