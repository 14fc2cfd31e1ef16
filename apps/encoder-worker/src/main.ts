import { availableEncoders } from '@clipmesh/ffmpeg';
import { bootstrapService } from '@clipmesh/service-kit';
import { WorkerSettings } from './config';
import { EncoderWorkerModule } from './encoder-worker.module';

void bootstrapService({
  name: 'encoder-worker',
  description: 'Encodes plans into part objects; stateless, scaled by the backlog',
  settings: WorkerSettings,
  abilities: async ({ encodeSlots }) => ({ slots: encodeSlots, encoders: await availableEncoders() }),
  module: EncoderWorkerModule,
});
