import { Module } from '@nestjs/common';
import { Bus } from '@clipmesh/bus';
import { wallTime } from '@clipmesh/media';
import { ObjectStore } from '@clipmesh/object-store';
import { CLOCK, LOG, type Clock, type WorkLog } from '@clipmesh/service-kit';
import { ReaderSettings } from './config';
import { ReaderLoops } from './reader-loops';
import { ReaderParts } from './reader-parts';
import { ArchiveController } from './scan/archive.controller';
import { VideosController } from './videos/videos.controller';

@Module({
  controllers: [VideosController, ArchiveController],
  providers: [
    {
      provide: ReaderParts,
      inject: [Bus, ObjectStore, ReaderSettings, LOG, CLOCK],
      useFactory: (bus: Bus, store: ObjectStore, settings: ReaderSettings, log: WorkLog, clock: Clock) =>
        new ReaderParts(bus, store, settings, log, () => wallTime(clock.now())),
    },
    ReaderLoops,
  ],
})
export class SegmentReaderModule {}
