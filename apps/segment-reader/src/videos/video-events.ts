import type { Bus } from '@clipmesh/bus';
import { eventSubject, formatInstant, type VideoEventBody, type VideoRecord } from '@clipmesh/contracts';
import type { Clock } from './video-records';

export type VideoEventType = 'created' | 'published' | 'digested' | 'deleted';

/** Tells of what happens to videos, once for each video and type. */
export class VideoEvents {
  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly now: Clock,
  ) {}

  async tell(type: VideoEventType, video: VideoRecord): Promise<void> {
    const sha256 = video.type === 'File' ? video.export?.sha256 : undefined;
    const body: VideoEventBody = {
      format: 1,
      id: video.id,
      name: video.name,
      type: video.type,
      at: formatInstant(this.now()),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
    await this.bus.publish(eventSubject('video', video.id, type), body, { msgId: `${video.id}.${type}` });
  }
}
