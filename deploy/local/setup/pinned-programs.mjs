/**
 * The servers, and for tests their command-line clients, at the versions that everything was measured with.
 * `source` is what `go install` takes; `image` and `imagePath` say where Docker has a ready one (MinIO's last community
 * images are older than its last community commit); `duration` is of 2 cores, for the progress line.
 */
export const PINNED = {
  'nats-server': {
    variable: 'CLIPMESH_NATS_SERVER',
    source: 'github.com/nats-io/nats-server/v2',
    version: 'v2.15.2',
    image: 'nats:2.15.2',
    imagePath: '/nats-server',
    duration: 'half a minute',
  },
  minio: {
    variable: 'CLIPMESH_MINIO',
    source: 'github.com/minio/minio',
    version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
    image: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
    imagePath: '/usr/bin/minio',
    duration: 'two to three minutes',
  },
  nats: {
    variable: 'CLIPMESH_NATS',
    source: 'github.com/nats-io/natscli/nats',
    version: 'v0.5.1',
    image: 'natsio/nats-box:0.18.0',
    imagePath: '/usr/local/bin/nats',
    duration: 'half a minute',
  },
  mc: {
    variable: 'CLIPMESH_MC',
    source: 'github.com/minio/mc',
    version: 'v0.0.0-20250313080218-cf909e1063a9',
    image: 'minio/mc:RELEASE.2025-08-13T08-35-41Z',
    imagePath: '/usr/bin/mc',
    duration: 'half a minute',
  },
};

export const SERVERS = ['nats-server', 'minio'];
export const TEST_CLIENTS = ['nats', 'mc'];
