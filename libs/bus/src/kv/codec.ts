import { ExportError } from '@clipmesh/errors';
import { encodeJson, tryParseJson } from '../wire/json-body';

/** How the values of a bucket are written. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @throws ExportError `FormatUnsupported` when a newer release wrote it. */
  decode(bytes: Uint8Array): T;
}

/**
 * JSON records that carry their `format`.
 *
 * A record of a newer format is refused and left as it is: during a rolling upgrade a service that would write back
 * what it does not understand would harm it. `upgrade` turns a record of an earlier format into one of this.
 */
export function jsonCodec<T extends object>(
  format: number,
  upgrade?: (older: Readonly<Record<string, unknown>>, format: number) => T,
): Codec<T> {
  return {
    encode: (value) => encodeJson({ ...value, format }),
    decode: (bytes) => {
      const record = tryParseJson(bytes);
      const found = formatOf(record);
      if (found > format) {
        throw new ExportError('FormatUnsupported', {
          message: `a record has format ${found}, this release knows up to ${format}`,
          details: { found, known: format },
        });
      }
      if (found < format && upgrade !== undefined) {
        return upgrade(record as Readonly<Record<string, unknown>>, found);
      }
      // The parse boundary: what stands in a bucket was written by this codec.
      return record as T;
    },
  };
}

function formatOf(record: unknown): number {
  const format =
    typeof record === 'object' && record !== null && 'format' in record ? record.format : undefined;
  if (typeof format !== 'number' || !Number.isSafeInteger(format)) {
    throw new ExportError('InternalError', { message: `a record has no format: ${JSON.stringify(record)}` });
  }
  return format;
}
