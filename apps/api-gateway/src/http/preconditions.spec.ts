import { checkPreconditions, rangeApplies } from './preconditions';

const ETAG = '"abc"';

describe('checkPreconditions', () => {
  it.each([
    ['nothing is asked', {}, 'go'],
    ['If-Match names it', { 'if-match': '"x", "abc"' }, 'go'],
    ['If-Match takes any', { 'if-match': '*' }, 'go'],
    ['If-Match names another', { 'if-match': '"x"' }, 'failed'],
    ['If-Match names it weakly, which is not enough', { 'if-match': 'W/"abc"' }, 'failed'],
    ['If-None-Match names it', { 'if-none-match': '"abc"' }, 'unchanged'],
    ['If-None-Match names it weakly, which is enough', { 'if-none-match': 'W/"abc"' }, 'unchanged'],
    ['If-None-Match names another', { 'if-none-match': '"x"' }, 'go'],
    ['both: If-Match comes first', { 'if-match': '"x"', 'if-none-match': '"abc"' }, 'failed'],
  ])('when %s', (_what, headers, expected) => {
    expect(checkPreconditions(headers, ETAG)).toBe(expected);
  });
});

describe('rangeApplies', () => {
  it.each([
    ['without If-Range', undefined, true],
    ['for the same state', ETAG, true],
    ['not for another', '"x"', false],
    ['not for the same state named weakly', 'W/"abc"', false],
    ['not for a date, because none is told', 'Sun, 01 Nov 2026 05:20:00 GMT', false],
  ])('%s', (_what, header, expected) => {
    expect(rangeApplies({ 'if-range': header }, ETAG)).toBe(expected);
  });
});
