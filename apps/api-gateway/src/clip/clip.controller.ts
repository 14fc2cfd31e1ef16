import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ObjectStore } from '@clipmesh/object-store';
import { LOG, type WorkLog } from '@clipmesh/service-kit';
import { GatewaySettings } from '../config';
import { answerClip } from './answer-clip';
import { clipHeaders } from './clip-headers';
import { parseClipQuery } from './clip-query';
import { Clips } from './clips';
import { Downloads } from './downloads';
import { sendAnswer } from './send-answer';

@Controller()
export class ClipController {
  constructor(
    @Inject(Clips) private readonly clips: Clips,
    @Inject(ObjectStore) private readonly store: ObjectStore,
    @Inject(Downloads) private readonly downloads: Downloads,
    @Inject(GatewaySettings) private readonly settings: GatewaySettings,
    @Inject(LOG) private readonly log: WorkLog,
  ) {}

  /** Also answers HEAD, with the same headers and no body. */
  @Get('videos/:name/clip.mp4')
  async clip(
    @Param('name') name: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.downloads.run(async (stop) => {
      // The client has left, or all is sent.
      reply.raw.once('close', () => {
        stop.abort();
      });
      const query = parseClipQuery(name, parameters, this.settings.clipMaxSpanMs);
      const clip = await this.clips.find(query, stop.signal);
      const answer = answerClip(clip, request.method, request.headers);
      reply.hijack();
      reply.raw.writeHead(answer.status, { ...clipHeaders(query, clip), ...answer.headers });
      await sendAnswer(this.store, clip, answer, reply.raw, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) {
          this.log.warn({ video: name, err: error }, 'a clip broke off');
        }
        // What is short of its announced length must not look whole.
        reply.raw.destroy();
      });
    });
  }
}
