import { ExportError } from '@clipmesh/errors';

const TOKEN = String.raw`[-/=\w]+`;
const KEY = new RegExp(String.raw`^${TOKEN}(\.${TOKEN})*$`);
const FILTER = new RegExp(String.raw`^(>|(${TOKEN}|\*)(\.(${TOKEN}|\*))*(\.>)?)$`);

/** A key is a part of a subject: a dot or a wildcard too many would reach other keys. */
export function assertKey(key: string): void {
  if (!KEY.test(key)) {
    throw new ExportError('InternalError', { message: `not a key: ${JSON.stringify(key)}` });
  }
}

export function assertFilter(filter: string): void {
  if (!FILTER.test(filter)) {
    throw new ExportError('InternalError', { message: `not a filter of keys: ${JSON.stringify(filter)}` });
  }
}
