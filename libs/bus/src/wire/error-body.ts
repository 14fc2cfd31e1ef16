import { ERROR_CODES, ExportError, type ErrorCode, type ErrorKind, type Problem } from '@clipmesh/errors';

/** The one table from kinds to HTTP status; the services API of NATS uses the same numbers. */
const STATUS_OF_KIND = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  unsupported: 422,
  corrupt: 422,
  exhausted: 503,
  unavailable: 503,
  canceled: 409,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

export const statusOfKind = (kind: ErrorKind): number => STATUS_OF_KIND[kind];

/** ARM names free facts by a type; all of ours are of this one. */
const INFO_TYPE = 'clipmesh';

/** The body of every error reply, over NATS as over HTTP: ARM's error with a hint. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly target?: string;
    /** All that is wrong with the request, each with its own target. */
    readonly details?: readonly Problem[];
    readonly hint?: string;
    readonly additionalInfo?: readonly { readonly type: string; readonly info: unknown }[];
  };
}

/** What a caller is told. The text of a defect stays in our log: it may hold anything. */
export function errorBody(error: ExportError): ErrorBody {
  if (error.code === 'InternalError') {
    return { error: { code: error.code, message: ERROR_CODES.InternalError.meaning, hint: error.hint } };
  }
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.target === undefined ? {} : { target: error.target }),
      ...(error.problems.length === 0 ? {} : { details: error.problems }),
      hint: error.hint,
      ...(Object.keys(error.details).length === 0
        ? {}
        : { additionalInfo: [{ type: INFO_TYPE, info: error.details }] }),
    },
  };
}

/** The error that an {@link ErrorBody} tells of; `fallback` is its text when the body is none of ours. */
export function errorFromBody(body: unknown, fallback: string): ExportError {
  const told = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const code = told['code'];
  if (!isErrorCode(code)) {
    return new ExportError('InternalError', { message: fallback, details: { answer: body } });
  }
  const target = told['target'];
  const hint = told['hint'];
  return new ExportError(code, {
    message: typeof told['message'] === 'string' ? told['message'] : fallback,
    ...(typeof target === 'string' ? { target } : {}),
    ...(typeof hint === 'string' ? { hint } : {}),
    details: factsOf(told['additionalInfo']),
    problems: Array.isArray(told['details']) ? told['details'].filter(isProblem) : [],
  });
}

function factsOf(additionalInfo: unknown): Record<string, unknown> {
  const entries: readonly unknown[] = Array.isArray(additionalInfo) ? additionalInfo : [];
  const ours = entries.find((entry) => isRecord(entry) && entry['type'] === INFO_TYPE);
  return isRecord(ours) && isRecord(ours['info']) ? ours['info'] : {};
}

function isProblem(value: unknown): value is Problem {
  return (
    isRecord(value) &&
    isErrorCode(value['code']) &&
    typeof value['message'] === 'string' &&
    typeof value['target'] === 'string'
  );
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
