import { Catch, HttpException, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { ExportError, toExportError } from '@clipmesh/errors';

/** Whatever a handler throws leaves Nest as one of our errors; without it Nest would hide them all. */
@Catch()
export class ErrorFilter implements RpcExceptionFilter<unknown> {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => translate(thrown));
  }
}

/** Nest's own pipes speak in HTTP. */
function translate(thrown: unknown): ExportError {
  if (thrown instanceof HttpException && thrown.getStatus() < 500) {
    return new ExportError('RequestInvalid', { message: thrown.message, cause: thrown });
  }
  return toExportError(thrown);
}
