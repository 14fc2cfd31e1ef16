import { nuid, type Msg } from 'nats';
import { ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { askPatiently } from '../requests/ask-patiently';
import { publishPatiently } from '../messages/publish';
import { toMsgHeaders, type Headers } from '../wire/headers';
import { toBusError } from '../wire/nats-error';
import { assertKey } from './keys';

/** What stands under a key: bytes, or the mark of their deletion. */
export interface StoredValue {
  readonly revision: number;
  readonly bytes: Uint8Array;
  readonly isDeletion: boolean;
  /** Names the write that made it, so that its writer knows it again. */
  readonly writeId: string;
}

const OPERATION = 'KV-Operation';
const WRITE_ID = 'Clipmesh-Write-Id';
const NOT_FOUND = 404;
const PATIENCE_MS = 15_000;

export const DELETION: Headers = { [OPERATION]: 'DEL' };

export const isDeletionMark = (operation: string | undefined): boolean =>
  operation === 'DEL' || operation === 'PURGE';

/** A bucket as bytes: the part of the key-value protocol that reads and writes one key. */
export class KvBucket {
  constructor(
    private readonly link: Link,
    readonly name: string,
  ) {}

  /** Straight from the stream, without a consumer; `undefined` when the key was never written. */
  async read(key: string): Promise<StoredValue | undefined> {
    assertKey(key);
    const stored = await this.ask(key);
    if (stored.headers?.code === NOT_FOUND) {
      return undefined;
    }
    return {
      revision: Number(stored.headers?.get('Nats-Sequence')),
      bytes: stored.data,
      isDeletion: isDeletionMark(stored.headers?.get(OPERATION)),
      writeId: stored.headers?.get(WRITE_ID) ?? '',
    };
  }

  async write(key: string, bytes: Uint8Array, headers: Headers = {}): Promise<number> {
    assertKey(key);
    try {
      const ack = await publishPatiently(this.link, this.subject(key), bytes, {
        patienceMs: PATIENCE_MS,
        headers: toMsgHeaders(headers),
      });
      return ack.seq;
    } catch (thrown) {
      throw toBusError(thrown, `write of ${this.name}/${key}`);
    }
  }

  /**
   * A write under the condition that the key stands at `revision`; 0 means that it was never written.
   * @throws ExportError `RevisionStale` when it does not.
   */
  async writeAt(key: string, bytes: Uint8Array, revision: number, headers: Headers = {}): Promise<number> {
    const writeId = nuid.next();
    try {
      return await this.write(key, bytes, {
        ...headers,
        [WRITE_ID]: writeId,
        'Nats-Expected-Last-Subject-Sequence': String(revision),
      });
    } catch (error) {
      if (!isStale(error)) {
        throw error;
      }
      // The answer to our first try may have been lost, and the second have met our own write.
      const stored = await this.read(key);
      if (stored?.writeId !== writeId) {
        throw error;
      }
      return stored.revision;
    }
  }

  /** NATS calls this a direct get: the last message of a subject, by the subject alone. */
  private async ask(key: string): Promise<Msg> {
    try {
      const subject = `$JS.API.DIRECT.GET.KV_${this.name}.${this.subject(key)}`;
      return await askPatiently(this.link, subject, PATIENCE_MS);
    } catch (thrown) {
      throw toBusError(thrown, `read of ${this.name}/${key}`);
    }
  }

  private subject(key: string): string {
    return `$KV.${this.name}.${key}`;
  }
}

export function isStale(error: unknown): boolean {
  return error instanceof ExportError && error.code === 'RevisionStale';
}
