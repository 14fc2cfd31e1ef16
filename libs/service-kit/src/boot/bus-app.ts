import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { Logger } from 'pino';
import { Bus, type ServiceIdentity } from '@clipmesh/bus';
import { NestLog } from '../log/nest-log';
import { BusServer } from '../serving/bus-server';
import type { ServiceApp } from './service-app';

/** A service whose requests come over NATS. */
export async function createBusApp(
  root: DynamicModule,
  identity: ServiceIdentity,
  log: Logger,
): Promise<ServiceApp> {
  const microservice: AsyncMicroserviceOptions = {
    inject: [Bus],
    useFactory: (bus: Bus) => ({ strategy: new BusServer(bus, identity, log) }),
  };
  // Nest declares its options as a class and means the shape.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, {
    ...microservice,
    logger: new NestLog(log),
    // Without it Nest aborts the process, with a core dump, when a provider cannot be made.
    abortOnError: false,
  });
  const start = async (): Promise<undefined> => {
    await app.listen();
  };
  return { context: app, start };
}
