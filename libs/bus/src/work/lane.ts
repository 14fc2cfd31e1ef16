import type { ConsumerSpec } from '@clipmesh/contracts';
import { toExportError, type ExportError } from '@clipmesh/errors';
import type { Link } from '../connection/link';
import { ensureConsumer } from '../topology/ensure-consumer';
import type { Delivery } from './delivery';
import { isAnswered, PullInbox, type PullEnd } from './pull-inbox';

const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 2_000;
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;

export interface LaneOptions {
  readonly link: Link;
  readonly consumer: ConsumerSpec;
  readonly ackWaitMs: number;
  readonly onDelivery: (delivery: Delivery) => void;
  /** The lane may be pulled again: its pull has ended, or it has rested after trouble. */
  readonly onReady: () => void;
  /** Told once per trouble, not at every try to get out of it. */
  readonly onError: (error: ExportError, subject: string) => void;
}

/** One consumer as a worker sees it: asks for one message at a time, and finds its way back from any trouble. */
export class Lane {
  private readonly inbox: PullInbox;
  private troubles = 0;
  private rest: NodeJS.Timeout | undefined;

  constructor(private readonly options: LaneOptions) {
    const { link, consumer, onDelivery } = options;
    this.inbox = new PullInbox(link, { stream: consumer.stream, name: consumer.durable }, onDelivery);
  }

  /** Neither pulling nor resting. */
  get isIdle(): boolean {
    return !this.inbox.isPulling && this.rest === undefined;
  }

  /** Takes what is there now; resolves to whether there was something. */
  async poll(): Promise<boolean> {
    const end = await this.inbox.pull({ kind: 'noWait', batch: 1 });
    await this.judge(end);
    return end === 'full';
  }

  /** Waits at the server for the next message; `onReady` says when that has ended. */
  open(): void {
    void this.inbox
      .pull({ kind: 'wait', batch: 1, expiresMs: EXPIRES_MS, heartbeatMs: HEARTBEAT_MS })
      .then((end) => this.judge(end))
      .then(() => {
        if (this.isIdle) {
          this.options.onReady();
        }
      });
  }

  /** The connection was new made: pulls of the old one are lost, and the reason to rest has gone. */
  renew(): void {
    this.inbox.abandon();
    this.wake();
  }

  async drain(): Promise<void> {
    clearTimeout(this.rest);
    await this.inbox.drain();
  }

  private async judge(end: PullEnd): Promise<void> {
    if (isAnswered(end)) {
      this.troubles = 0;
    }
    if (isAnswered(end) || end === 'abandoned') {
      return;
    }
    this.restAWhile();
    if (end === 'gone') {
      await this.restore();
    }
  }

  /** A consumer that somebody removed is made again. */
  private async restore(): Promise<void> {
    const { link, consumer, ackWaitMs, onError } = this.options;
    try {
      await link.whileConnected(ensureConsumer(link, consumer, ackWaitMs));
      this.wake();
    } catch (thrown) {
      if (this.troubles === 1) {
        onError(toExportError(thrown), consumer.filter);
      }
    }
  }

  private restAWhile(): void {
    clearTimeout(this.rest);
    const restMs = Math.min(FIRST_REST_MS * 2 ** this.troubles, LONGEST_REST_MS);
    this.troubles += 1;
    this.rest = setTimeout(() => {
      this.wake();
    }, restMs);
  }

  private wake(): void {
    clearTimeout(this.rest);
    this.rest = undefined;
    this.options.onReady();
  }
}
