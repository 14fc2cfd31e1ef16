import { ERROR_CODES, type ErrorCode, type ErrorKind } from './codes';

export interface ErrorFacts {
  readonly message: string;
  /** Path of the offending member, such as `properties.sources[0].videoName`. */
  readonly target?: string;
  /** Ids, keys, byte ranges, ticks: what a reader needs to find the place. Never secrets or media. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What the reader can do about it here; the registry's remedy is used when absent. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Further problems of the same request, each with its own target. */
  readonly problems?: readonly Problem[];
}

/** One of several things wrong with a request. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly target: string;
}

const RETRYABLE: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['exhausted', 'unavailable', 'internal']);

/** The one error class of the product. What a caller may do follows from the code, through its kind. */
export class ExportError extends Error {
  readonly kind: ErrorKind;
  readonly target: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint: string;
  readonly problems: readonly Problem[];

  constructor(
    readonly code: ErrorCode,
    facts: ErrorFacts,
  ) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ExportError';
    this.kind = ERROR_CODES[code].kind;
    this.target = facts.target;
    this.details = facts.details ?? {};
    this.hint = facts.hint ?? ERROR_CODES[code].remedy;
    this.problems = facts.problems ?? [];
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.kind);
  }
}

/** Any thrown thing as an {@link ExportError}; what is not one is a defect of ours and becomes `InternalError`. */
export function toExportError(thrown: unknown): ExportError {
  if (thrown instanceof ExportError) {
    return thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ExportError('InternalError', { message, cause: thrown });
}
