import type { ConsumerSpec } from '@clipmesh/contracts';
import type { ExportError } from '@clipmesh/errors';
import { WorkLoop, type Bus, type WorkLoopOptions, type WorkMessage } from '../index';
import { aWorkQueue, fresh, Signal } from './arrange';

interface QueueOptions {
  readonly lanes?: readonly string[];
  readonly ackWaitMs?: number;
}

/** Queues of tests, and the loops on them, which record what goes wrong. */
export class Loops {
  private readonly started: WorkLoop[] = [];

  constructor(private readonly bus: () => Bus) {}

  /** A queue of the test's own. */
  async setup({ lanes = ['normal'], ackWaitMs = 5_000 }: QueueOptions = {}) {
    const bus = this.bus();
    const queue = await aWorkQueue(bus, lanes, ackWaitMs);
    const errors: ExportError[] = [];
    const start = (handle: WorkLoopOptions['handle'], more: Partial<WorkLoopOptions> = {}): WorkLoop => {
      const loop = new WorkLoop({
        bus,
        name: 'spec',
        consumers: queue.consumers,
        slots: 1,
        ackWaitMs,
        handle,
        onError: (error) => errors.push(error),
        ...more,
      });
      this.started.push(loop);
      loop.start();
      return loop;
    };
    const put = (id: string, lane = 'normal', body: unknown = { id }) =>
      bus.publish(queue.subject(lane, id), body, { msgId: fresh('m') });
    const left = async () => (await bus.link.jsm.streams.info(queue.stream.name)).state.messages;
    return { queue, errors, start, put, left };
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.started.splice(0).map((loop) => loop.stop()));
  }

  /** Asks the server until it says that somebody waits for the consumer's messages. */
  async pullIsOpen({ stream, durable }: ConsumerSpec): Promise<void> {
    while ((await this.bus().link.jsm.consumers.info(stream, durable)).num_waiting === 0) {
      // Each look is a question to the server.
    }
  }
}

/** Collects what handlers saw, and tells when there was enough of it. */
export function collector(enough: number) {
  const seen: string[] = [];
  const done = new Signal();
  const note = ({ subject }: WorkMessage): void => {
    seen.push(subject.split('.').slice(1).join('.'));
    if (seen.length === enough) {
      done.fire();
    }
  };
  return { seen, note, done: done.seen };
}
