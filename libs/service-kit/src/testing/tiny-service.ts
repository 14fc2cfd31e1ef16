import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Type } from 'class-transformer';
import { IsInt, Matches, ValidateNested } from 'class-validator';
import { Bus } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import {
  bootstrapService,
  LOG,
  MeshSettings,
  Periodic,
  ServiceInstance,
  ServiceLoops,
  type WorkLog,
} from '../index';

/** A whole service, as small as one can be: what the specs of bootstrapService run. */
class TinySettings extends MeshSettings {
  @IsInt()
  tinyNumber = 1;
}

class Inner {
  @IsInt()
  count!: number;
}

class Greeting {
  @Matches(/^[a-z]+$/)
  name!: string;

  @ValidateNested()
  @Type(() => Inner)
  inner!: Inner;
}

@Controller()
class TinyController {
  constructor(
    private readonly bus: Bus,
    private readonly instance: ServiceInstance,
    private readonly settings: TinySettings,
  ) {}

  @MessagePattern('tiny.greet')
  greet(@Payload() { name, inner }: Greeting): object {
    return { hello: name, count: inner.count + this.settings.tinyNumber, by: this.instance.service };
  }

  @MessagePattern('tiny.fail')
  fail(@Payload() { how }: { how?: string }): Promise<never> {
    if (how === 'known') {
      throw new ExportError('VideoNotFound', { message: 'no video gate-1', target: 'name' });
    }
    return Promise.reject(new Error('a secret of the house'));
  }

  /** Says that it has begun, and answers only when it is told to. */
  @MessagePattern('tiny.slow')
  async slow(): Promise<string> {
    const released = new Promise<void>((resolve) => {
      this.bus.onNudge('tiny.release', () => {
        resolve();
      });
    });
    await this.bus.link.nc.flush();
    this.bus.nudge('tiny.slow-began', {});
    await released;
    return 'done';
  }

  @MessagePattern('tiny.break')
  break(): string {
    setImmediate(() => {
      void Promise.reject(new Error('nobody catches this'));
    });
    return 'soon';
  }
}

@Injectable()
class TinyLoops extends ServiceLoops {
  protected readonly loops;

  constructor(@Inject(LOG) log: WorkLog) {
    super();
    const run = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          log.info({}, 'the loop has stopped');
          resolve();
        });
      });
    this.loops = [new Periodic({ name: 'tiny', everyMs: 1_000, log, run })];
  }
}

@Module({ controllers: [TinyController], providers: [TinyLoops] })
class TinyModule {}

void bootstrapService({
  name: 'tiny',
  description: 'Greets',
  settings: TinySettings,
  abilities: ({ tinyNumber }) => Promise.resolve({ slots: tinyNumber, encoders: ['first', 'second'] }),
  module: TinyModule,
});
