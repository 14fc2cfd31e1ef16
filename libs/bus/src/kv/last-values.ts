import { AckPolicy, DeliverPolicy, nanos, nuid } from 'nats';
import { ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { toBusError } from '../wire/nats-error';
import type { Delivery } from '../work/delivery';
import { PullInbox, type PullEnd, type PullRequest } from '../work/pull-inbox';
import { isDeletionMark } from './kv-bucket';

/** What a bucket's stream says of one key. */
export interface KvEntry {
  readonly key: string;
  readonly revision: number;
  readonly bytes: Uint8Array;
  readonly isDeletion: boolean;
  /** Nothing was waiting behind it when it was sent. */
  readonly isLast: boolean;
}

/** The server forgets a reader that has not been heard of for so long. */
const FORGET_AFTER_MS = 60_000;

/**
 * A reader of the last value of every key that a filter matches, and then of every change. It pulls, so that the
 * pace is the reader's own, and it is a consumer of its own on the server until it is closed.
 */
export class LastValues {
  private constructor(
    private readonly link: Link,
    private readonly bucket: string,
    private readonly name: string,
    private readonly inbox: PullInbox,
    /** How many entries are there at the start; 0 says that the reader has caught up already. */
    readonly initially: number,
  ) {}

  static async open(
    link: Link,
    bucket: string,
    filter: string,
    onEntry: (entry: KvEntry) => void,
  ): Promise<LastValues> {
    const stream = `KV_${bucket}`;
    const prefix = `$KV.${bucket}.`;
    const name = nuid.next();
    try {
      const asked = link.jsm.consumers.add(stream, {
        name,
        filter_subject: prefix + filter,
        deliver_policy: DeliverPolicy.LastPerSubject,
        ack_policy: AckPolicy.None,
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: nanos(FORGET_AFTER_MS),
      });
      const info = await link.whileConnected(asked);
      const inbox = new PullInbox(link, { stream, name }, (delivery) => {
        onEntry(toEntry(delivery, prefix));
      });
      return new LastValues(link, bucket, name, inbox, info.num_pending);
    } catch (thrown) {
      throw toBusError(thrown, `read all of ${bucket}/${filter}`);
    }
  }

  pull(request: PullRequest): Promise<PullEnd> {
    return this.inbox.pull(request);
  }

  abandon(): void {
    this.inbox.abandon();
  }

  async close(): Promise<void> {
    await this.inbox.drain();
    if (this.link.isConnected) {
      // Best effort: what we cannot remove now, the server forgets by itself.
      const removed = this.link.jsm.consumers.delete(`KV_${this.bucket}`, this.name);
      await this.link.whileConnected(removed).catch(() => undefined);
    }
  }
}

/** The error of a reader whose pull was lost. */
export function lostReader(bucket: string, filter: string): ExportError {
  return new ExportError('BusUnreachable', { message: `NATS fell silent while reading ${bucket}/${filter}` });
}

function toEntry(delivery: Delivery, prefix: string): KvEntry {
  return {
    key: delivery.subject.slice(prefix.length),
    revision: delivery.streamSeq,
    bytes: delivery.bytes,
    isDeletion: isDeletionMark(delivery.headers['KV-Operation']),
    isLast: delivery.pending === 0,
  };
}
