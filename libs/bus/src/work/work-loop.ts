import type { ConsumerSpec } from '@clipmesh/contracts';
import type { Bus } from '../bus';
import type { Delivery } from './delivery';
import { handleMessage, type HandleOptions } from './handle-message';
import { Lane } from './lane';
import { giveBackAtOnce } from './settlement';
import { Stopping } from './stopping';

export interface WorkLoopOptions extends HandleOptions {
  readonly bus: Bus;
  /** Shown in the reason of the abort when the loop stops. */
  readonly name: string;
  /** One per lane, the most urgent first. */
  readonly consumers: readonly ConsumerSpec[];
  /** How many messages are in work at the same time. */
  readonly slots: number;
  /** How long what is in work may go on after a stop before its handlers are told; at once when absent. */
  readonly drainMs?: number;
}

/** Every so many takes the least urgent lane is asked first, so that it never starves. */
const TURN = 8;

/**
 * Takes work from its lanes and runs the handler, never more than `slots` at a time.
 *
 * While a slot is free, one pull of one message is open on every lane at once: whatever comes is picked up within
 * milliseconds. Work that waits is taken most urgent lane first. A message that comes when no slot is free goes
 * back at once. Nothing is fetched ahead: what is in nobody's hands stays on the server, where others can take it.
 */
export class WorkLoop {
  private readonly lanes: readonly Lane[];
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private isStopping = false;
  private forgetReconnect: () => void = () => undefined;
  private filling = false;
  private takes = 0;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: WorkLoopOptions) {
    const { ackWaitMs, onError } = options;
    const { link } = options.bus;
    this.lanes = options.consumers.map(
      (consumer) =>
        new Lane({
          link,
          consumer,
          ackWaitMs,
          onError,
          onDelivery: (delivery) => {
            this.take(delivery);
          },
          onReady: () => {
            this.fill();
          },
        }),
    );
  }

  start(): void {
    this.forgetReconnect = this.options.bus.link.onReconnect(() => {
      for (const lane of this.lanes) {
        lane.renew();
      }
    });
    this.fill();
  }

  /** Takes no more, tells the handlers to stop when it is time, and waits until everything that was taken is settled. */
  stop(): Promise<void> {
    this.stopped ??= this.drain();
    return this.stopped;
  }

  /** Messages in work now. */
  get busy(): number {
    return this.running.size;
  }

  private get hasFreeSlot(): boolean {
    return this.running.size < this.options.slots;
  }

  private async drain(): Promise<void> {
    const { name, drainMs = 0 } = this.options;
    this.isStopping = true;
    this.forgetReconnect();
    const interrupt = (): void => {
      this.stopping.abort(new Stopping(name));
    };
    const patience = drainMs > 0 ? setTimeout(interrupt, drainMs) : undefined;
    if (patience === undefined) {
      interrupt();
    }
    await Promise.all(this.lanes.map((lane) => lane.drain()));
    await Promise.all(this.running);
    clearTimeout(patience);
  }

  private take(delivery: Delivery): void {
    const { link } = this.options.bus;
    if (this.isStopping || !this.hasFreeSlot) {
      giveBackAtOnce(link, delivery);
      return;
    }
    const run = handleMessage(link, delivery, this.options, this.stopping.signal).finally(() => {
      this.running.delete(run);
      this.fill();
    });
    this.running.add(run);
  }

  /** Puts the free slots to use; called whenever something changes, and does nothing while it is at it. */
  private fill(): void {
    if (this.filling || !this.mayPull()) {
      return;
    }
    this.filling = true;
    void this.takeWaiting().finally(() => {
      this.filling = false;
      this.openLanes();
    });
  }

  private mayPull(): boolean {
    return !this.isStopping && this.hasFreeSlot && this.options.bus.link.isConnected;
  }

  /** Work that waits, most urgent first. Lanes with an open pull have none, or it would have come. */
  private async takeWaiting(): Promise<void> {
    if (this.lanes.length === 1) {
      return;
    }
    let found = true;
    while (found && this.mayPull()) {
      found = false;
      for (const lane of this.lanesInTurn()) {
        // While one lane was asked the loop may have been stopped, and its connection closed.
        if (!this.mayPull()) {
          return;
        }
        if (lane.isIdle && (await lane.poll())) {
          found = true;
          this.takes += 1;
          break;
        }
      }
    }
  }

  private lanesInTurn(): readonly Lane[] {
    return this.takes % TURN === TURN - 1 ? [...this.lanes].reverse() : this.lanes;
  }

  private openLanes(): void {
    for (const lane of this.lanes) {
      if (lane.isIdle && this.mayPull()) {
        lane.open();
      }
    }
  }
}
