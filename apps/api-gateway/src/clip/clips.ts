import type { KvStore } from '@clipmesh/bus';
import { planFromCatalog, type CatalogReader } from '@clipmesh/catalog';
import type { ArchiveVideo, VideoRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { hoursOf } from '@clipmesh/archive';
import { ClipCache } from './clip-cache';
import type { ClipQuery } from './clip-query';
import { layOutClip, type LaidOutClip } from './laid-out-clip';
import { SharedWork } from './shared-work';

/** Finds clips: planned and laid out in this process, from the index alone. */
export class Clips {
  private readonly cache: ClipCache;
  /** A player that opens a clip asks for it several times at once. */
  private readonly layouts = new SharedWork<LaidOutClip>();

  constructor(
    private readonly videos: KvStore<VideoRecord>,
    private readonly reader: CatalogReader,
    cacheBytes: number,
  ) {
    this.cache = new ClipCache(cacheBytes);
  }

  /** Throws `VideoNotFound`, `SetupValidationFailure` when nothing is recorded there, and as planning does. */
  async find(query: ClipQuery, signal: AbortSignal): Promise<LaidOutClip> {
    const video = await this.archive(query.video);
    const { range, edges, gaps, onConfigChange, title } = query;
    const key = JSON.stringify([video.id, range.startMs, range.endMs, edges, gaps, onConfigChange, title]);
    const known = this.cache.get(key);
    if (known !== undefined && (await this.isCurrent(video.id, query, known))) {
      return known;
    }
    const order = { video: { id: video.id, name: video.name }, ranges: [range], edges, gaps, onConfigChange };
    return this.layouts.run(key, signal, async (wanted) => {
      const clip = layOutClip(await planFromCatalog(this.reader, order, wanted), title);
      this.cache.put(key, clip);
      return clip;
    });
  }

  private async archive(name: string): Promise<ArchiveVideo> {
    const video = (await this.videos.get(name))?.value;
    if (video === undefined || video.type !== 'Archive' || video.deleting === true) {
      throw new ExportError('VideoNotFound', {
        message:
          video?.type === 'File'
            ? `the video ${name} is an exported file; clips are cut from what was recorded`
            : `there is no video ${name}`,
        target: 'name',
      });
    }
    return video;
  }

  /** A clip of which an hour has changed since, or come, is planned anew: a late segment may lie in it. */
  private async isCurrent(videoId: string, { range }: ClipQuery, clip: LaidOutClip): Promise<boolean> {
    const records = await Promise.all(hoursOf(range).map((hour) => this.reader.getHour(videoId, hour)));
    const now = records.flatMap((record) => (record === undefined ? [] : [record.revision])).sort();
    const then = clip.revisions.map(({ revision }) => revision).sort();
    return now.length === then.length && now.every((revision, i) => revision === then[i]);
  }
}
