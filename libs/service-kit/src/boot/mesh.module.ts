import {
  Inject,
  Module,
  type DynamicModule,
  type ExceptionFilter,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Bus } from '@clipmesh/bus';
import { ObjectStore } from '@clipmesh/object-store';
import { BodyPipe } from '../serving/body-pipe';
import { ErrorFilter } from '../serving/error-filter';
import { MeshSettings } from '../settings/mesh-settings';
import type { Clock } from '../work/hold';
import type { WorkLog } from '../work/work-log';
import { openBus } from './open-bus';
import { openStore, type StoreAccess } from './open-store';
import { ServiceInstance } from './service-instance';
import { CLOCK, LOG } from './tokens';

export interface MeshOptions {
  readonly instance: ServiceInstance;
  /** Of {@link MeshSettings} or a class that extends it; both classes then inject it. */
  readonly settings: MeshSettings;
  readonly log: WorkLog;
  /** `readWrite` when absent. */
  readonly storeAccess?: StoreAccess | undefined;
  /** How what handlers throw leaves the process; as an answer over NATS when absent. */
  readonly errorFilter?: Type<ExceptionFilter>;
}

/**
 * What every service stands on, for every module to inject: `Bus` and `ObjectStore`, open and set up; the settings, by
 * their own class and by `MeshSettings`; `ServiceInstance`; `LOG` and `CLOCK`; and for controllers the pipe and the
 * filter by which bodies are checked and errors leave.
 */
@Module({})
export class MeshModule implements OnApplicationShutdown {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(ObjectStore) private readonly store: ObjectStore,
  ) {}

  static forRoot(options: MeshOptions): DynamicModule {
    const { instance, settings, log, storeAccess = 'readWrite', errorFilter = ErrorFilter } = options;
    const clock: Clock = { now: Date.now };
    const injectable: Provider[] = [
      { provide: settings.constructor, useValue: settings },
      { provide: MeshSettings, useValue: settings },
      { provide: ServiceInstance, useValue: instance },
      { provide: LOG, useValue: log },
      { provide: CLOCK, useValue: clock },
      { provide: Bus, useFactory: () => openBus(instance, settings, log) },
      { provide: ObjectStore, useFactory: () => openStore(instance.service, settings, log, storeAccess) },
    ];
    return {
      module: MeshModule,
      global: true,
      providers: [
        ...injectable,
        { provide: APP_PIPE, useClass: BodyPipe },
        { provide: APP_FILTER, useClass: errorFilter },
      ],
      exports: injectable,
    };
  }

  /** The last to go: until here handlers and loops still needed both. */
  async onApplicationShutdown(): Promise<void> {
    this.store.close();
    await this.bus.close();
  }
}
