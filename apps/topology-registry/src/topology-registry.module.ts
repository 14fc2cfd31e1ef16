import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus, jsonCodec } from '@clipmesh/bus';
import { KV, type TopologyRecord } from '@clipmesh/contracts';
import { CLOCK, type Clock } from '@clipmesh/service-kit';
import { RegistrySettings } from './config';
import { seedSamples } from './seed-samples';
import { Surroundings } from './surroundings';
import { TopologiesController } from './topologies.controller';
import { TopologyStore } from './topology-store';

const FORMAT = 1;

@Module({
  controllers: [TopologiesController],
  providers: [
    { provide: Surroundings, inject: [Bus, RegistrySettings, CLOCK], useFactory: makeSurroundings },
  ],
})
export class TopologyRegistryModule implements OnApplicationBootstrap {
  constructor(@Inject(Surroundings) private readonly around: Surroundings) {}

  /** Before the first request is served. */
  async onApplicationBootstrap(): Promise<void> {
    await seedSamples(this.around.store);
  }
}

function makeSurroundings(bus: Bus, settings: RegistrySettings, clock: Clock): Surroundings {
  const store = new TopologyStore(
    bus.kv<TopologyRecord>(KV.topologies, jsonCodec<TopologyRecord>(FORMAT)),
    (subject, event, msgId) => bus.publish(subject, event, { msgId }),
    () => clock.now(),
  );
  const limits = { maxSpanMs: settings.rangeMaxSpanMs, maxFutureMs: settings.rangeMaxFutureMs };
  return new Surroundings(store, (subject, body) => bus.request<unknown>(subject, body), limits);
}
