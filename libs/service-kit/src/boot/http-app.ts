import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { Bus, type ServiceIdentity } from '@clipmesh/bus';
import { NestLog } from '../log/nest-log';
import { BusServer } from '../serving/bus-server';
import type { ServiceApp } from './service-app';

export interface HttpAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A service whose requests come over HTTP; on NATS it is listed among the others. */
export async function createHttpApp(
  root: DynamicModule,
  identity: ServiceIdentity,
  log: Logger,
  { host, port }: HttpAddress,
): Promise<ServiceApp> {
  // Long answers may be on their way when the service ends; connections without one need not be waited for.
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' });
  // Nest declares its options as a class and means the shape.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.connectMicroservice({ strategy: new BusServer(app.get(Bus), identity, log) });
  const start = async (): Promise<string> => {
    await app.startAllMicroservices();
    await app.listen(port, host);
    return app.getUrl();
  };
  return { context: app, start };
}
