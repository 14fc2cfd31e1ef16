import { createHash } from 'node:crypto';
import { BUCKETS, mp4CopyKey } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { codecsOfTransportStream, remuxTransportStream } from '@clipmesh/ffmpeg';
import { isTransportStream } from '@clipmesh/media';
import type { ObjectHead, ObjectRef, ObjectStore } from '@clipmesh/object-store';
import { checkDigest, headOf } from './index-segment';
import type { AnnouncedSegment } from './parse-segment-event';

type Store = Pick<ObjectStore, 'head' | 'read' | 'readAll' | 'putStream' | 'remove'>;

/** What becomes of a transport stream once its MP4 copy is in the index. */
export type OriginalsPolicy = 'keep' | 'drop';

/** Enough to tell pictures and sound: a second of most cameras. */
const HEAD_BYTES = 512 * 1024;
const NAMES = /\.(ts|mts|m2ts)$/i;

/** Whether it is worth a look before the object is read as MP4; what has another name is looked at when that fails. */
export const isNamedTransportStream = (key: string): boolean => NAMES.test(key);

/**
 * Segments that recorders write as MPEG transport streams are copied into MP4 once, when they are announced, and the index
 * knows the copy (ADR-0019). The copy lies beside the original, under a key that follows from it, and the same bytes come out
 * each time: so the same event again, a second reader, or a crash in between ends with the same one copy.
 */
export class TransportStreams {
  constructor(
    private readonly store: Store,
    private readonly originals: OriginalsPolicy,
  ) {}

  /**
   * Makes the copy and returns what is to be indexed in place of the original; `undefined` when that is no transport stream.
   * An original that has been dropped is no loss when its copy is there.
   */
  async copy(announced: AnnouncedSegment, signal: AbortSignal): Promise<AnnouncedSegment | undefined> {
    const ref = { bucket: BUCKETS.archive, key: announced.key };
    const head = await headOf(this.store, ref, announced, signal).catch((error: unknown) =>
      this.dropped(error, announced, signal),
    );
    if (head === 'dropped') {
      return copyOf(announced);
    }
    const length = Math.min(HEAD_BYTES, head.sizeBytes);
    const start = await this.store.readAll(ref, { range: { offset: 0, length }, ifMatch: head.etag, signal });
    if (!isTransportStream(start)) {
      return undefined;
    }
    await this.remux(ref, head, await codecsOfTransportStream(start, { signal }), announced, signal);
    return copyOf(announced);
  }

  /** To be called when the index knows the copy. */
  async settle(announced: AnnouncedSegment, indexedKey: string, signal: AbortSignal): Promise<void> {
    if (this.originals === 'drop' && indexedKey === mp4CopyKey(announced.key)) {
      await this.store.remove({ bucket: BUCKETS.archive, key: announced.key }, { signal });
    }
  }

  private async dropped(
    error: unknown,
    announced: AnnouncedSegment,
    signal: AbortSignal,
  ): Promise<'dropped'> {
    const isMissing = error instanceof ExportError && error.code === 'SegmentMissing';
    if (isMissing && (await this.store.head(copyRef(announced), { signal })) !== undefined) {
      return 'dropped';
    }
    throw error;
  }

  private async remux(
    ref: ObjectRef,
    head: ObjectHead,
    codecs: ReadonlySet<string>,
    announced: AnnouncedSegment,
    signal: AbortSignal,
  ): Promise<void> {
    const body = await this.store.read(ref, { ifMatch: head.etag, signal });
    const hash = createHash('sha256');
    try {
      await remuxTransportStream({
        input: hashed(body as AsyncIterable<Uint8Array>, hash), // a byte stream yields buffers
        codecs,
        consume: (output) =>
          this.store.putStream(copyRef(announced), output, { contentType: 'video/mp4', signal }),
        signal,
      });
    } catch (error) {
      throw asRefusal(error, announced);
    }
    try {
      checkDigest(announced, hash.digest('hex'));
    } catch (error) {
      await this.store.remove(copyRef(announced), { signal });
      throw error;
    }
  }
}

const copyRef = ({ key }: AnnouncedSegment): ObjectRef => ({ bucket: BUCKETS.archive, key: mp4CopyKey(key) });

/** Without what the recorder said of size and digest: that was said of the original. */
function copyOf({ video, startMs, endMs, key }: AnnouncedSegment): AnnouncedSegment {
  return { video, startMs, key: mp4CopyKey(key), ...(endMs === undefined ? {} : { endMs }) };
}

async function* hashed(
  body: AsyncIterable<Uint8Array>,
  hash: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
}

function asRefusal(error: unknown, { key }: AnnouncedSegment): unknown {
  return error instanceof ExportError && error.code === 'UndecodableMedia'
    ? new ExportError('SegmentCorrupt', {
        message: `ffmpeg cannot copy the transport stream ${key} into MP4`,
        details: { key, ...error.details },
        cause: error,
      })
    : error;
}
