import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { StoredObject } from '@clipmesh/contracts';
import type { ObjectRef, StoreSettings } from '@clipmesh/object-store';

/** One file to be written, as the sink's task names it. */
export interface WriteOrder {
  readonly plan: StoredObject;
  readonly target: ObjectRef;
}

export interface WriterReady {
  readonly kind: 'ready';
  /** Resident memory with all code loaded, before any work. */
  readonly idleBytes: number;
}

export interface WriteDone {
  readonly kind: 'done';
  readonly file: StoredObject;
  /** CPU of the writing process, user and system. */
  readonly cpuMs: number;
  /** Most resident memory so far, all runs together. */
  readonly peakBytes: number;
  readonly copiedParts: number;
  readonly uploadedParts: number;
  /** What passed through the writing process on its way to the store. */
  readonly uploadedBytes: number;
}

export interface WriteFailed {
  readonly kind: 'failed';
  readonly message: string;
}

/** The sink's work in a process of its own, so that its memory and CPU can be told from the benchmark's. */
export class ExportWriter {
  private constructor(
    private readonly child: ChildProcess,
    readonly idleBytes: number,
  ) {}

  static async start(settings: StoreSettings): Promise<ExportWriter> {
    const child = fork(require.resolve('./export-writer-process'), [JSON.stringify(settings)]);
    const { idleBytes } = (await answerOf(child)) as WriterReady; // its first message
    return new ExportWriter(child, idleBytes);
  }

  async write(order: WriteOrder): Promise<WriteDone> {
    const answer = answerOf(this.child);
    this.child.send(order);
    const done = (await answer) as WriteDone | WriteFailed; // the answer to an order
    if (done.kind === 'failed') {
      throw new Error(`the export was not written: ${done.message}`);
    }
    return done;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}

/** The next message, or the news that there will be none. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    const exit = once(child, 'exit', { signal }).then(([code]): never => {
      throw new Error(`the writing process ended with code ${String(code)}`);
    });
    const message = once(child, 'message', { signal }).then(([first]): unknown => first);
    // Whichever loses is aborted below.
    exit.catch(() => undefined);
    message.catch(() => undefined);
    return await Promise.race([message, exit]);
  } finally {
    ended.abort();
  }
}
