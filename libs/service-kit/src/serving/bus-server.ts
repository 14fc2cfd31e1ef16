import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, Endpoint, RequestContext, RunningService, ServiceIdentity } from '@clipmesh/bus';
import type { ExportError } from '@clipmesh/errors';
import type { WorkLog } from '../work/work-log';

/**
 * Serves Nest's controllers over the services API of NATS: each `@MessagePattern(subject)` is an endpoint that takes
 * and gives plain JSON. The context of a handler (`@Ctx()`) is a {@link RequestContext}.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  private running: RunningService | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly identity: ServiceIdentity,
    private readonly log: WorkLog,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.serve().then(
      () => {
        callback();
      },
      (error: unknown) => {
        callback(error);
      },
    );
  }

  /** Takes no more requests and lets those that were taken finish. */
  async close(): Promise<void> {
    await this.running?.stop();
  }

  on(): never {
    throw new Error('BusServer has no events of its own');
  }

  // Nest's contract: the caller names what it expects to be beneath.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  unwrap<T>(): T {
    return this.bus as T;
  }

  private async serve(): Promise<void> {
    const endpoints = [...this.getHandlers()].map(([subject, handler]) => endpointOf(subject, handler));
    this.running = await this.bus.serve(this.identity, endpoints, {
      onError: (error, context) => {
        this.tell(error, context);
      },
    });
  }

  /** The one place where the error of a request is logged: with its whole chain when it is ours to mend. */
  private tell(error: ExportError, { subject }: RequestContext): void {
    const facts = { subject, code: error.code, err: error };
    if (error.kind === 'internal') {
      this.log.error(facts, 'a request met a defect');
    } else if (error.retryable) {
      this.log.warn(facts, 'a request could not be answered');
    } else {
      this.log.debug({ subject, code: error.code, reason: error.message }, 'a request was refused');
    }
  }
}

function endpointOf(subject: string, handler: MessageHandler): Endpoint {
  if (handler.isEventHandler === true) {
    throw new Error(`@EventPattern('${subject}') is served by nobody: events are taken by loops`);
  }
  return {
    subject,
    handler: async (body, context) => {
      const answer: unknown = await handler(body, context);
      return isObservable(answer) ? lastValueFrom(answer, { defaultValue: undefined }) : answer;
    },
  };
}
