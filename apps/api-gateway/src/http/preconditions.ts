/** Request headers that make an answer depend on what the client has already (RFC 9110 §13). */
export interface ConditionalHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
  readonly 'if-range'?: string | undefined;
}

/** What RFC 9110 §13.2.2 has come of `If-Match` and `If-None-Match` for a representation that is there. */
export function checkPreconditions(headers: ConditionalHeaders, etag: string): 'failed' | 'unchanged' | 'go' {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  // If-Match compares strongly, If-None-Match weakly (§8.8.3.2).
  if (ifMatch !== undefined && !lists(ifMatch, etag, (tag) => tag)) {
    return 'failed';
  }
  return ifNoneMatch !== undefined && lists(ifNoneMatch, etag, withoutWeakness) ? 'unchanged' : 'go';
}

/** Whether a `Range` is to be looked at: `If-Range` wants the whole when it names another state, or a date, which we do not tell. */
export function rangeApplies({ 'if-range': ifRange }: ConditionalHeaders, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}

function lists(header: string, etag: string, comparable: (tag: string) => string): boolean {
  const tags = header.split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.some((tag) => comparable(tag) === etag);
}

const withoutWeakness = (tag: string): string => tag.replace(/^W\//, '');
