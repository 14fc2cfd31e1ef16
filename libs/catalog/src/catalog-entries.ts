import { decodeCatalogHour, encodeCatalogHour, type CatalogHour } from '@clipmesh/archive';
import type { Bus, Codec, KvStore } from '@clipmesh/bus';
import { KV } from '@clipmesh/contracts';

const catalogCodec: Codec<CatalogHour> = { encode: encodeCatalogHour, decode: decodeCatalogHour };

/** KV `catalog`: an entry for each video and hour. */
export function openCatalogHours(bus: Pick<Bus, 'kv'>): KvStore<CatalogHour> {
  return bus.kv(KV.catalog, catalogCodec);
}

export const catalogKey = (videoId: string, hour: number): string => `${videoId}.${hour}`;
