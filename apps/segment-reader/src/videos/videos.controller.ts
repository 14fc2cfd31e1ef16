import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  DigestedVideoBody,
  ListVideos,
  PublishVideoBody,
  ReleaseVideosBody,
  REQUESTS,
  VideoBody,
  VideoName,
  type DeleteVideoReply,
  type PutVideoReply,
  type VideoPage,
  type VideoView,
} from '@clipmesh/contracts';
import { ReaderParts } from '../reader-parts';

/** `videos.*`: what callers ask, and what job-scheduler tells. */
@Controller()
export class VideosController {
  constructor(private readonly parts: ReaderParts) {}

  @MessagePattern(REQUESTS.videosPut)
  put(@Payload() body: VideoBody): Promise<PutVideoReply> {
    return this.parts.requests.put(body);
  }

  @MessagePattern(REQUESTS.videosGet)
  get(@Payload() body: VideoName): Promise<VideoView> {
    return this.parts.requests.get(body);
  }

  @MessagePattern(REQUESTS.videosList)
  list(@Payload() body: ListVideos): Promise<VideoPage> {
    return this.parts.requests.list(body);
  }

  @MessagePattern(REQUESTS.videosPatch)
  patch(@Payload() body: VideoBody): Promise<VideoView> {
    return this.parts.requests.patch(body);
  }

  @MessagePattern(REQUESTS.videosDelete)
  delete(@Payload() body: VideoName): Promise<DeleteVideoReply> {
    return this.parts.requests.delete(body);
  }

  @MessagePattern(REQUESTS.videosPublish)
  async publish(@Payload() body: PublishVideoBody): Promise<object> {
    const video = await this.parts.outputs.publish(body);
    if (video !== undefined) {
      await this.parts.events.tell('published', video);
    }
    return {};
  }

  @MessagePattern(REQUESTS.videosRelease)
  async release(@Payload() body: ReleaseVideosBody): Promise<object> {
    await this.parts.outputs.release(body);
    return {};
  }

  @MessagePattern(REQUESTS.videosDigested)
  async digested(@Payload() body: DigestedVideoBody): Promise<object> {
    const video = await this.parts.outputs.noteDigest(body);
    if (video !== undefined) {
      await this.parts.events.tell('digested', video);
    }
    return {};
  }
}
