import {
  type DeleteVideoReply,
  type ListVideos,
  type PutVideoReply,
  type VideoBody,
  type VideoName,
  type VideoPage,
  type VideoRecord,
  type VideoTexts,
  type VideoView,
} from '@clipmesh/contracts';
import type { ObjectStore } from '@clipmesh/object-store';
import { ExportError, toExportError } from '@clipmesh/errors';
import type { Holds } from './holds';
import type { VideoRemoval } from './remove-video';
import { isReservation, notFound, type VideoRecords, type VideoTextFacts } from './video-records';
import type { VideoEvents } from './video-events';
import { videoView } from './video-view';

const LINK_SECONDS = 15 * 60;
const DEFAULT_TOP = 50;
/** A caller waits so long for the data to be gone; larger archives are removed behind the answer. */
const REMOVAL_WAIT_MS = 3_000;

/** What callers may do with videos. */
export class VideoRequests {
  constructor(
    private readonly videos: VideoRecords,
    private readonly holds: Holds,
    private readonly removal: VideoRemoval,
    private readonly events: VideoEvents,
    private readonly store: Pick<ObjectStore, 'presignGet'>,
    private readonly onError: (error: ExportError, what: string) => void,
  ) {}

  /** Registers an empty archive; for one that is there it changes the texts that are given. */
  async put(body: Readonly<VideoBody>): Promise<PutVideoReply> {
    const before = await this.videos.get(body.name);
    if (before !== undefined) {
      return { created: false, video: await this.patch(body) };
    }
    const video = await this.videos.ensureArchive(body.name, patched({}, body.properties));
    await this.events.tell('created', video);
    return { created: true, video: await this.view(video) };
  }

  async get({ name }: Readonly<VideoName>): Promise<VideoView> {
    return this.view(await this.videos.visible(name));
  }

  /** By name, in pages. */
  async list({ top = DEFAULT_TOP, after = '' }: Readonly<ListVideos>): Promise<VideoPage> {
    const found: VideoRecord[] = [];
    for await (const { value } of this.videos.store.list()) {
      if (!isReservation(value) && value.name > after) {
        found.push(value);
      }
    }
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, top);
    const last = page.at(-1);
    const held = await this.holds.videos();
    return {
      value: await Promise.all(page.map((video) => this.view(video, held.has(video.id)))),
      ...(found.length > top && last !== undefined ? { after: last.name } : {}),
    };
  }

  async patch(body: Readonly<VideoBody>): Promise<VideoView> {
    const video = await this.videos.change(body.name, (stands) => {
      if (stands === undefined || isReservation(stands)) {
        throw notFound(body.name);
      }
      const { title, description, ...rest } = stands;
      return { ...rest, ...patched({ title, description }, body.properties) };
    });
    if (video === undefined) {
      throw notFound(body.name);
    }
    return this.view(video);
  }

  /** @throws ExportError `VideoInUse` while a live job reads or writes it. */
  async delete({ name }: Readonly<VideoName>): Promise<DeleteVideoReply> {
    if ((await this.videos.get(name)) === undefined) {
      return { deleted: false };
    }
    const video = await this.removal.mark(name);
    await this.events.tell('deleted', video);
    const removed = this.removal.finish(video).then(() => true);
    // What fails here is done again by the loop that finishes removals.
    removed.catch((error: unknown) => {
      this.onError(toExportError(error), `removal of video ${name}`);
    });
    const isGone = await Promise.race([removed, waited(REMOVAL_WAIT_MS)]);
    return { deleted: true, ...(isGone ? {} : { pending: true as const }) };
  }

  private async view(video: VideoRecord, isHeld?: boolean): Promise<VideoView> {
    const file = video.type === 'File' ? video.export?.file : undefined;
    if (file === undefined) {
      return videoView(video, { isInUse: isHeld ?? (await this.holds.isHeld(video.id)) });
    }
    const downloadUrl = await this.store.presignGet(
      { bucket: file.bucket, key: file.key },
      { expiresSeconds: LINK_SECONDS, fileName: `${video.name}.mp4`, contentType: 'video/mp4' },
    );
    return videoView(video, { isInUse: false, downloadUrl });
  }
}

type OldTexts = { readonly [text in keyof VideoTextFacts]?: string | undefined };

/** The texts after a change: `null` clears, absence keeps. */
function patched(before: OldTexts, texts: VideoTexts | undefined): VideoTextFacts {
  const title = texts?.title === undefined ? before.title : texts.title;
  const description = texts?.description === undefined ? before.description : texts.description;
  return {
    ...(title === undefined || title === null ? {} : { title }),
    ...(description === undefined || description === null ? {} : { description }),
  };
}

async function waited(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, false).unref();
  });
}
