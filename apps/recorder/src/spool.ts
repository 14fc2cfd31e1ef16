import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentEvent } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';

/** A finished segment on disk: what is to be put, and what is to be said when it is there. */
export interface SpooledSegment {
  readonly format: 1;
  readonly video: string;
  readonly messageId: string;
  readonly event: SegmentEvent;
}

/** What is known when the last byte of a segment is on disk. */
export interface SegmentBytes {
  readonly bytes: number;
  readonly sha256: string;
}

const SEGMENT = '.mp4';
const SIDECAR = '.json';
const UNFINISHED = '.part';
/** Of a recorder that died: nobody leaves a file unfinished for so long without touching it. */
const STALE_MS = 3600_000;

/**
 * The segments that are not announced yet, in a folder of one video. Nothing is sent before segment and sidecar are on
 * disk; the rename of the sidecar is what makes a segment recorded. A process killed at any instant leaves either a
 * segment that its next start announces, or a part that nobody has been told of.
 */
export class Spool {
  private constructor(readonly folder: string) {}

  static async open(folder: string, now: number): Promise<Spool> {
    await mkdir(folder, { recursive: true });
    await removeStale(folder, now);
    return new Spool(folder);
  }

  /** Names of the segments that wait, oldest first. */
  async waiting(): Promise<string[]> {
    const files = await readdir(this.folder);
    const names = files
      .filter((file) => file.endsWith(SIDECAR))
      .map((file) => file.slice(0, -SIDECAR.length));
    return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  async read(name: string): Promise<SpooledSegment> {
    const text = await readFile(this.path(name, SIDECAR), 'utf8');
    // Written by this class, of this release or another.
    const segment = JSON.parse(text) as Omit<SpooledSegment, 'format'> & { readonly format: number };
    if (segment.format !== 1) {
      throw new ExportError('FormatUnsupported', {
        message: `${this.path(name, SIDECAR)} is of another release`,
      });
    }
    return { ...segment, format: 1 };
  }

  mediaPath(name: string): string {
    return this.path(name, SEGMENT);
  }

  /** Forgets an announced segment. The sidecar goes first: a segment without one is never announced. */
  async remove(name: string): Promise<void> {
    await rm(this.path(name, SIDECAR), { force: true });
    await rm(this.path(name, SEGMENT), { force: true });
  }

  async startSegment(name: string): Promise<SpooledSegmentWriter> {
    const path = this.path(name, SEGMENT);
    const handle = await open(path + UNFINISHED, 'w');
    return new SpooledSegmentWriter(handle, path);
  }

  async writeSidecar(name: string, segment: SpooledSegment): Promise<void> {
    const path = this.path(name, SIDECAR);
    const handle = await open(path + UNFINISHED, 'w');
    await handle.writeFile(`${JSON.stringify(segment)}\n`);
    await finish(handle, path);
    await syncFolder(this.folder);
  }

  private path(name: string, suffix: string): string {
    return join(this.folder, name + suffix);
  }
}

/** Takes the bytes of one segment as they come, and hashes them on the way. */
export class SpooledSegmentWriter {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  async append(bytes: Uint8Array): Promise<void> {
    this.hash.update(bytes);
    this.bytes += bytes.length;
    await this.handle.writeFile(bytes);
  }

  async finish(): Promise<SegmentBytes> {
    await finish(this.handle, this.path);
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.path + UNFINISHED, { force: true });
  }
}

async function finish(handle: FileHandle, path: string): Promise<void> {
  await handle.sync();
  await handle.close();
  await rename(path + UNFINISHED, path);
}

/** Makes the renames themselves last over a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

async function removeStale(folder: string, now: number): Promise<void> {
  const files = new Set(await readdir(folder));
  for (const file of files) {
    const withoutSidecar = file.endsWith(SEGMENT) && !files.has(file.slice(0, -SEGMENT.length) + SIDECAR);
    const path = join(folder, file);
    if ((withoutSidecar || file.endsWith(UNFINISHED)) && (await stat(path)).mtimeMs < now - STALE_MS) {
      await rm(path, { force: true });
    }
  }
}
