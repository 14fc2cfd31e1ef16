import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { Bus } from '@clipmesh/bus';
import { BusServer, MeshModule, NestLog, openLog, ServiceInstance } from '@clipmesh/service-kit';
import { RegistrySettings } from '../config';
import { TopologyRegistryModule } from '../topology-registry.module';

/** A registry in this process, serving on a test's own servers. */
export interface Registry {
  stop(): Promise<void>;
}

@Module({})
class RegistryRoot {}

export async function startRegistry(settings: Partial<RegistrySettings>): Promise<Registry> {
  const name = 'topology-registry';
  const log = openLog(name, 'silent');
  const mesh = MeshModule.forRoot({
    instance: ServiceInstance.of(name),
    settings: Object.assign(new RegistrySettings(), settings),
    log,
  });
  const root: DynamicModule = { module: RegistryRoot, imports: [mesh, TopologyRegistryModule] };
  const identity = { name, version: '0.0.0', description: 'under test' };
  // Nest declares its options as a class and means the shape.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, {
    logger: new NestLog(log),
    abortOnError: false,
    inject: [Bus],
    useFactory: (bus: Bus) => ({ strategy: new BusServer(bus, identity, log) }),
  });
  await app.listen();
  return { stop: () => app.close() };
}
