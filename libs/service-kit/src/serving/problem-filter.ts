import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, statusOfKind } from '@clipmesh/bus';
import { ExportError, toExportError } from '@clipmesh/errors';
import { LOG } from '../boot/tokens';
import type { WorkLog } from '../work/work-log';

/** Whatever a handler throws leaves an HTTP service as ARM's error, with the status of its kind. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(@Inject(LOG) private readonly log: WorkLog) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.raw.destroyed) {
      return; // who asked has left; that is what has failed
    }
    const error = translate(thrown, request);
    const facts = { method: request.method, path: pathOf(request), code: error.code, err: error };
    if (error.kind === 'internal') {
      this.log.error(facts, 'a request failed');
    } else {
      this.log.debug(facts, 'a request was refused');
    }
    await reply.status(statusOfKind(error.kind)).send(errorBody(error));
  }
}

/** Nest speaks of unknown paths, and Fastify of what it cannot parse, in exceptions of their own. */
function translate(thrown: unknown, request: FastifyRequest): ExportError {
  if (thrown instanceof HttpException && thrown.getStatus() === 404) {
    const message = `nothing is served at ${request.method} ${pathOf(request)}`;
    return new ExportError('RouteNotFound', { message, cause: thrown });
  }
  if (thrown instanceof HttpException && thrown.getStatus() < 500) {
    return new ExportError('RequestInvalid', { message: thrown.message, cause: thrown });
  }
  return toExportError(thrown);
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? url;
