import { bootstrapService } from '@clipmesh/service-kit';
import { SinkSettings } from './config';
import { SinkWriterModule } from './sink-writer.module';

void bootstrapService({
  name: 'sink-writer',
  description: 'Lays out, writes and checks exported files and their manifests',
  settings: SinkSettings,
  module: SinkWriterModule,
});
