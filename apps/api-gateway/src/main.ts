import { bootstrapService } from '@clipmesh/service-kit';
import { ApiGatewayModule } from './api-gateway.module';
import { GatewaySettings } from './config';

void bootstrapService({
  name: 'api-gateway',
  description: 'HTTP: clips as virtual files',
  settings: GatewaySettings,
  module: ApiGatewayModule,
  http: ({ httpHost, httpPort }) => ({ host: httpHost, port: httpPort }),
  storeAccess: 'readOnly',
});
