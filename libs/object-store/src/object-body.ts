import { Readable } from 'node:stream';
import { StoreTimeout, toStoreError, type StoreRequest } from './s3-errors';

export interface BodyLimits {
  readonly length: number;
  /** How long the body may stand still while somebody waits for it. */
  readonly idleMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The body of an answer, with our errors: exactly the promised bytes, or a failure. A plain pass-through costs half of
 * Node's throughput; this one hands the chunks on as they come and does nothing else.
 */
export class ObjectBody extends Readable {
  private left: number;
  private waiting = false;
  private moved = false;
  private ended = false;
  private readonly idle: NodeJS.Timeout;
  private readonly onAbort: () => void;

  constructor(
    private readonly source: Readable,
    private readonly limits: BodyLimits,
    private readonly request: StoreRequest,
  ) {
    super({ highWaterMark: 256 * 1024 });
    this.left = limits.length;
    this.onAbort = () => {
      this.destroy(limits.signal?.reason as Error); // AbortSignal types its reason as any; ours are errors
    };
    this.idle = setInterval(() => {
      this.checkIdle();
    }, limits.idleMs).unref();
    limits.signal?.addEventListener('abort', this.onAbort, { once: true });
    source.on('data', (chunk: Buffer) => {
      this.hand(chunk);
    });
    source.once('end', () => {
      this.finish();
    });
    source.once('error', (error) => {
      this.destroy(toStoreError(error, request));
    });
    source.once('close', () => {
      this.finish();
    });
    if (limits.signal?.aborted === true) {
      this.onAbort();
    }
  }

  override _read(): void {
    this.waiting = true;
    this.source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.idle);
    this.limits.signal?.removeEventListener('abort', this.onAbort);
    this.source.destroy();
    done(error);
  }

  private hand(chunk: Buffer): void {
    this.moved = true;
    this.left -= chunk.length;
    if (!this.push(chunk)) {
      this.waiting = false;
      this.source.pause();
    }
  }

  private finish(): void {
    if (this.destroyed || this.ended) {
      return;
    }
    this.ended = true;
    if (this.left === 0) {
      clearInterval(this.idle);
      this.push(null);
    } else {
      const short = new Error(`the body ended ${this.left} bytes short of ${this.limits.length}`);
      this.destroy(toStoreError(Object.assign(short, { code: 'ESHORT' }), this.request));
    }
  }

  /** Fires at the latest after twice the allowed stand-still; no timer has to be touched chunk by chunk. */
  private checkIdle(): void {
    if (this.waiting && !this.moved) {
      this.destroy(toStoreError(new StoreTimeout(this.limits.idleMs), this.request));
    }
    this.moved = false;
  }
}
