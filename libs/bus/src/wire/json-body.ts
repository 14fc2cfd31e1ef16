import { ExportError } from '@clipmesh/errors';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeJson(body: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(body ?? null));
}

/** The value that the bytes spell, or `undefined`, which JSON cannot spell, when they are not JSON. */
export function tryParseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws ExportError `RequestInvalid` when the bytes are not JSON; an empty body is none either. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  const value = tryParseJson(bytes);
  if (value === undefined) {
    throw new ExportError('RequestInvalid', {
      message: bytes.length === 0 ? `${what} has no body, send JSON` : `${what} is not JSON`,
    });
  }
  return value;
}
