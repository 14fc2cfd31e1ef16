import { Events, type NatsConnection, type Status } from 'nats';
import { ExportError } from '@clipmesh/errors';

/** What happens to the connection; a service logs it and counts it. */
export type BusStatus =
  /** Not connected yet; it is tried again. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly error: ExportError }
  | { readonly kind: 'disconnected'; readonly server: string }
  | { readonly kind: 'reconnected'; readonly server: string }
  /** The server goes away soon; the client moves on by itself. */
  | { readonly kind: 'lameDuck'; readonly server: string }
  /** Errors that no call of ours throws: a denied publish is only seen here. */
  | { readonly kind: 'error'; readonly error: ExportError };

/** Tells every status of the connection until it is closed. */
export async function followStatus(
  connection: NatsConnection,
  onStatus: (status: BusStatus) => void,
): Promise<void> {
  for await (const status of connection.status()) {
    const told = translate(status);
    if (told !== undefined) {
      onStatus(told);
    }
  }
}

function translate(status: Status): BusStatus | undefined {
  const data = typeof status.data === 'object' ? JSON.stringify(status.data) : String(status.data);
  // Pings, dial attempts and changes of the server list are of no use to a service.
  if (status.type === Events.Disconnect) {
    return { kind: 'disconnected', server: data };
  }
  if (status.type === Events.Reconnect) {
    return { kind: 'reconnected', server: data };
  }
  if (status.type === Events.LDM) {
    return { kind: 'lameDuck', server: data };
  }
  return status.type === Events.Error ? { kind: 'error', error: statusError(status, data) } : undefined;
}

function statusError(status: Status, data: string): ExportError {
  const denied = status.permissionContext;
  if (denied === undefined) {
    return new ExportError('BusUnreachable', { message: `NATS reports ${data}` });
  }
  return new ExportError('BusDenied', {
    message: `NATS denies the ${denied.operation} of ${denied.subject}`,
    details: { operation: denied.operation, subject: denied.subject },
  });
}
