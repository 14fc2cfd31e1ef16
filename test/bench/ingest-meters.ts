import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { BUCKETS, KV } from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import type { ArchiveHour } from './archive-hour';
import type { BenchServers } from './bench-servers';

/** Of Linux, on all machines that Node runs on. */
const CLOCK_TICKS_PER_SECOND = 100;
/** Fields 14 and 15 of /proc/<pid>/stat, counted behind the name: time in user and in kernel mode. */
const USER_TIME = 11;

/** CPU that a process has used, all its threads together. */
export function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1])) / CLOCK_TICKS_PER_SECOND;
}

/** `false` where there is no taskset: then the CPU figure alone counts. */
export async function pinToOneCore(pid: number | undefined): Promise<boolean> {
  try {
    await promisify(execFile)('taskset', ['-a', '-c', '-p', '1', String(pid)]);
    return true;
  } catch {
    return false;
  }
}

/** CPU seconds for a gigabyte that is fetched and hashed once, one object after another: what no intake can go below. */
export async function fetchAndHash(store: ObjectStore, archive: ArchiveHour): Promise<number> {
  const before = process.cpuUsage();
  for (const { bucket, key } of archive.entries) {
    const hash = createHash('sha256');
    for await (const chunk of await store.read({ bucket, key })) {
      hash.update(chunk as Uint8Array); // a byte stream yields buffers
    }
    hash.digest();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6) * (1e9 / archive.sizeBytes);
}

/** Counts what is written to the index: catalog entries as they are published, and index objects. */
export class IndexWrites {
  private entryBytes = 0;
  private readonly stop: () => void;

  constructor(private readonly servers: BenchServers) {
    const { nc } = servers.bus.link;
    const subscription = nc.subscribe(`$KV.${KV.catalog.name}.>`, {
      callback: (_error, message) => {
        this.entryBytes += message.data.length;
      },
    });
    this.stop = () => {
      subscription.unsubscribe();
    };
  }

  async end(): Promise<number> {
    this.stop();
    let objectBytes = 0;
    for await (const { sizeBytes } of this.servers.store.list(BUCKETS.index, '')) {
      objectBytes += sizeBytes;
    }
    return this.entryBytes + objectBytes;
  }
}
