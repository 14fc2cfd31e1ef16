import type { CatalogReader } from '@clipmesh/catalog';
import { mp4CopyKey } from '@clipmesh/contracts';

/** Keys that the index of a video knows, hour by hour; a scan goes through them in about that order. */
export class KnownKeys {
  private readonly hours = new Map<number, ReadonlySet<string>>();

  constructor(
    private readonly catalog: Pick<CatalogReader, 'getHour' | 'segmentsOf'>,
    /** `undefined` for a video that does not exist yet. */
    private readonly videoId: string | undefined,
  ) {}

  async has(key: string, hour: number): Promise<boolean> {
    let keys = this.hours.get(hour);
    if (keys === undefined) {
      keys = await this.load(hour);
      this.hours.set(hour, keys);
    }
    return keys.has(key) || keys.has(mp4CopyKey(key));
  }

  private async load(hour: number): Promise<ReadonlySet<string>> {
    const { videoId } = this;
    const record = videoId === undefined ? undefined : await this.catalog.getHour(videoId, hour);
    if (videoId === undefined || record === undefined) {
      return new Set();
    }
    const segments = await this.catalog.segmentsOf(videoId, record.value);
    return new Set(segments.map(({ key }) => key));
  }
}
