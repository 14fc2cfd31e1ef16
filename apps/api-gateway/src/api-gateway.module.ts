import { Module } from '@nestjs/common';
import { Bus, jsonCodec } from '@clipmesh/bus';
import { CatalogReader, IndexObjects, openCatalogHours } from '@clipmesh/catalog';
import { KV, type VideoRecord } from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import { ClipController } from './clip/clip.controller';
import { Clips } from './clip/clips';
import { Downloads } from './clip/downloads';
import { WarmUp } from './clip/warm-up';
import { GatewaySettings } from './config';

@Module({
  controllers: [ClipController],
  providers: [
    Downloads,
    WarmUp,
    { provide: Clips, inject: [Bus, ObjectStore, GatewaySettings], useFactory: makeClips },
  ],
})
export class ApiGatewayModule {}

/** Reads the index in this process, as segment-reader does, but mends nothing: it may not write. */
function makeClips(bus: Bus, store: ObjectStore, settings: GatewaySettings): Clips {
  const reader = new CatalogReader(openCatalogHours(bus), new IndexObjects(store), settings.gapThresholdMs);
  return new Clips(bus.kv(KV.videos, jsonCodec<VideoRecord>(1)), reader, settings.clipCacheBytes);
}
