import { bootstrapService } from '@clipmesh/service-kit';
import { ReaderSettings } from './config';
import { SegmentReaderModule } from './segment-reader.module';

void bootstrapService({
  name: 'segment-reader',
  description: 'Archives and videos: the segment index, coverage, movie plans',
  settings: ReaderSettings,
  module: SegmentReaderModule,
});
