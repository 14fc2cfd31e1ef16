const PREFIX = 'CLIPMESH_';

/** `ackWaitMs` is set by `CLIPMESH_ACK_WAIT_MS`. */
export function variableOf(property: string): string {
  return PREFIX + property.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

export function isOurs(variable: string): boolean {
  return variable.startsWith(PREFIX);
}
