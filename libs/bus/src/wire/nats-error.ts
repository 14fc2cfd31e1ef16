import { ErrorCode as NatsCode, NatsError } from 'nats';
import { ExportError, type ErrorCode } from '@clipmesh/errors';

/** Numbers of the JetStream API that we act on. */
export const JETSTREAM = {
  consumerNotFound: 10014,
  consumerExists: 10148,
  streamInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  /** The store refuses: its text says whether the stream is full or the subject is taken. */
  storeFailed: 10077,
  insufficientResources: 10023,
  storageExceeded: 10047,
} as const;

const CODE_OF_CLIENT: Readonly<Record<string, ErrorCode>> = {
  [NatsCode.Timeout]: 'BusUnreachable',
  [NatsCode.NoResponders]: 'BusUnreachable',
  [NatsCode.ConnectionClosed]: 'BusUnreachable',
  [NatsCode.ConnectionDraining]: 'BusUnreachable',
  [NatsCode.ConnectionRefused]: 'BusUnreachable',
  [NatsCode.ConnectionTimeout]: 'BusUnreachable',
  [NatsCode.Disconnect]: 'BusUnreachable',
  [NatsCode.JetStreamIdleHeartBeat]: 'BusUnreachable',
  [NatsCode.PermissionsViolation]: 'BusDenied',
  [NatsCode.AuthorizationViolation]: 'BusDenied',
  [NatsCode.BadAuthentication]: 'BusDenied',
  [NatsCode.AuthenticationExpired]: 'BusDenied',
};

const CODE_OF_JETSTREAM: Readonly<Record<number, ErrorCode>> = {
  [JETSTREAM.wrongLastSequence]: 'RevisionStale',
  [JETSTREAM.storeFailed]: 'BusFull',
  [JETSTREAM.insufficientResources]: 'BusFull',
  [JETSTREAM.storageExceeded]: 'BusFull',
  [JETSTREAM.streamNotFound]: 'BusMisconfigured',
  [JETSTREAM.consumerNotFound]: 'BusMisconfigured',
};

/** The number of the JetStream API, when the server answered with one. */
export function jetStreamNumber(thrown: unknown): number | undefined {
  return thrown instanceof NatsError ? thrown.api_error?.err_code : undefined;
}

/** Work queues take one message per subject: the subject has its message already. */
export function isSubjectTaken(thrown: unknown): boolean {
  return (
    thrown instanceof NatsError &&
    thrown.api_error?.err_code === JETSTREAM.storeFailed &&
    thrown.api_error.description.includes('per subject')
  );
}

/** No answer: whatever was asked may or may not have happened. */
export function isUnanswered(thrown: unknown): boolean {
  return thrown instanceof NatsError && jetStreamNumber(thrown) === undefined
    ? CODE_OF_CLIENT[thrown.code] === 'BusUnreachable'
    : false;
}

/** What the client threw, in our words; `doing` says what was tried, such as `publish to <subject>`. */
export function toBusError(thrown: unknown, doing: string): ExportError {
  if (thrown instanceof ExportError) {
    return thrown;
  }
  if (!(thrown instanceof NatsError)) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new ExportError('InternalError', { message: `${doing}: ${text}`, cause: thrown });
  }
  const number = jetStreamNumber(thrown);
  const code = number === undefined ? CODE_OF_CLIENT[thrown.code] : CODE_OF_JETSTREAM[number];
  return new ExportError(code ?? 'InternalError', {
    message: `${doing}: ${thrown.api_error?.description ?? thrown.message}`,
    details: { natsCode: thrown.code, ...(number === undefined ? {} : { jetStreamNumber: number }) },
    cause: thrown,
  });
}
