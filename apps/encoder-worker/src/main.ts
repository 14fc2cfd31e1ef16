import { bootstrapService } from '@clipmesh/service-kit';
import { EncoderSettings } from './config';
import { EncoderWorkerModule } from './encoder-worker.module';

void bootstrapService({
  name: 'encoder-worker',
  description: 'Encodes plans into part objects; stateless, scaled by the backlog',
  settings: EncoderSettings,
  module: EncoderWorkerModule,
});
