import type { Catalog } from '../catalog/catalog';

/** Keys that the index of a video knows, hour by hour; a scan goes through them in about that order. */
export class KnownKeys {
  private readonly hours = new Map<number, ReadonlySet<string>>();

  constructor(
    private readonly catalog: Pick<Catalog, 'getHour' | 'segmentsOf'>,
    /** `undefined` for a video that does not exist yet. */
    private readonly videoId: string | undefined,
  ) {}

  async has(key: string, hour: number): Promise<boolean> {
    let keys = this.hours.get(hour);
    if (keys === undefined) {
      keys = await this.load(hour);
      this.hours.set(hour, keys);
    }
    return keys.has(key);
  }

  private async load(hour: number): Promise<ReadonlySet<string>> {
    const record = this.videoId === undefined ? undefined : await this.catalog.getHour(this.videoId, hour);
    const segments = record === undefined ? [] : await this.catalog.segmentsOf(record.value);
    return new Set(segments.map(({ key }) => key));
  }
}
