import { bootstrapService } from '@clipmesh/service-kit';
import { RegistrySettings } from './config';
import { TopologyRegistryModule } from './topology-registry.module';

void bootstrapService({
  name: 'topology-registry',
  description: 'Topologies: graph rules, parameters, samples',
  settings: RegistrySettings,
  module: TopologyRegistryModule,
});
