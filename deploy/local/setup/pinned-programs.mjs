import { readFileSync } from 'node:fs';

/**
 * The servers, and for tests their command-line clients, at the versions that everything was measured with. The local
 * mesh reads the same file. `source` is what `go install` takes; `image` and `imagePath` say where Docker has a ready
 * one (MinIO's last community images are older than its last community commit); `duration` is of 2 cores, for the
 * progress line.
 */
export const PINNED = JSON.parse(readFileSync(new URL('../pinned-programs.json', import.meta.url), 'utf8'));

export const SERVERS = ['nats-server', 'minio'];
export const TEST_CLIENTS = ['nats', 'mc'];
