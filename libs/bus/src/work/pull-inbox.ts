import { nanos, type Msg, type NatsError, type Subscription } from 'nats';
import type { Link } from '../connection/link';
import { encodeJson } from '../wire/json-body';
import { readDelivery, type Delivery } from './delivery';

/** What a pull asks for: what is there now, or to wait for what comes. */
export type PullRequest =
  | { readonly kind: 'noWait'; readonly batch: number }
  | {
      readonly kind: 'wait';
      readonly batch: number;
      readonly expiresMs: number;
      readonly heartbeatMs: number;
    };

/**
 * How a pull ended. `gone`: the server has no such consumer. `silent`: nothing was heard where something was due, so
 * the pull may be lost. `abandoned`: we wait for it no longer. A pull that ends in one of the last two ways may still
 * deliver; its messages are handed on like any other.
 */
export type PullEnd = 'full' | 'empty' | 'gone' | 'silent' | 'abandoned';

/** Whether the consumer has answered. */
export const isAnswered = (end: PullEnd): end is 'full' | 'empty' => end === 'full' || end === 'empty';

const NO_WAIT_SILENCE_MS = 5_000;
/** Heartbeats of the server that may be missed before a pull counts as lost. */
const MISSED_HEARTBEATS = 2.5;
const DRAIN_MS = 2_000;

const STATUS = { heartbeat: 100, noMessages: 404, expired: 408, conflict: 409, noResponders: 503 } as const;

interface OpenPull {
  readonly reply: string;
  missing: number;
  timer: NodeJS.Timeout;
  readonly end: (end: PullEnd) => void;
}

/** Pulls from one consumer, one pull at a time, each under a reply subject of its own. */
export class PullInbox {
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private open: OpenPull | undefined;
  private pulls = 0;

  constructor(
    private readonly link: Link,
    private readonly consumer: { readonly stream: string; readonly name: string },
    private readonly onDelivery: (delivery: Delivery) => void,
  ) {
    this.inbox = link.newInbox();
    this.subscription = link.nc.subscribe(`${this.inbox}.*`, {
      callback: (failed: NatsError | null, message: Msg): void => {
        if (failed === null) {
          this.hear(message);
        }
      },
    });
  }

  get isPulling(): boolean {
    return this.open !== undefined;
  }

  /** Asks the server; resolves when the pull has ended, after its deliveries were handed on. */
  pull(request: PullRequest): Promise<PullEnd> {
    return new Promise((resolve) => {
      this.pulls += 1;
      const reply = `${this.inbox}.${this.pulls}`;
      const silenceMs =
        request.kind === 'noWait' ? NO_WAIT_SILENCE_MS : request.heartbeatMs * MISSED_HEARTBEATS;
      const timer = setTimeout(() => {
        this.end('silent');
      }, silenceMs);
      this.open = { reply, missing: request.batch, timer, end: resolve };
      if (!this.ask(request, reply)) {
        this.end('silent');
      }
    });
  }

  /** Ends the open pull, if any: nobody waits for it any more. */
  abandon(): void {
    this.end('abandoned');
  }

  /** Takes the pulls back. When it resolves, everything that the server had sent has been handed on. */
  async drain(): Promise<void> {
    if (!this.subscription.isClosed() && !this.link.nc.isClosed()) {
      let timer: NodeJS.Timeout | undefined;
      const bound = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, DRAIN_MS);
      });
      await Promise.race([this.subscription.drain(), bound]);
      clearTimeout(timer);
    }
    this.end('empty');
  }

  /** Whether the question could leave: a connection that is being closed takes none. */
  private ask(request: PullRequest, reply: string): boolean {
    const { stream, name } = this.consumer;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`;
    return this.link.tryPublish(subject, encodeJson(wireRequest(request)), reply);
  }

  private hear(message: Msg): void {
    const delivery = readDelivery(message);
    if (delivery !== undefined) {
      this.onDelivery(delivery);
      this.countDelivery();
    } else if (message.subject === this.open?.reply) {
      this.hearStatus(message.headers?.code ?? 0, message.headers?.description ?? '');
    }
  }

  /** Deliveries bear the subject of their stream, not of their pull: whichever comes counts for the open one. */
  private countDelivery(): void {
    if (this.open === undefined) {
      return;
    }
    this.open.missing -= 1;
    if (this.open.missing <= 0) {
      this.end('full');
    } else {
      this.open.timer.refresh();
    }
  }

  private hearStatus(code: number, description: string): void {
    switch (code) {
      case STATUS.heartbeat:
        this.open?.timer.refresh();
        return;
      case STATUS.noMessages:
      case STATUS.expired:
        this.end('empty');
        return;
      case STATUS.noResponders:
        this.end('gone');
        return;
      case STATUS.conflict:
        this.end(description.includes('Deleted') ? 'gone' : 'silent');
        return;
      default:
        this.end('silent');
    }
  }

  private end(end: PullEnd): void {
    const open = this.open;
    if (open !== undefined) {
      this.open = undefined;
      clearTimeout(open.timer);
      open.end(end);
    }
  }
}

function wireRequest(request: PullRequest): object {
  return request.kind === 'noWait'
    ? { batch: request.batch, no_wait: true }
    : {
        batch: request.batch,
        expires: nanos(request.expiresMs),
        idle_heartbeat: nanos(request.heartbeatMs),
      };
}
