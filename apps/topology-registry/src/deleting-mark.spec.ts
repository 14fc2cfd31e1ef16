import type { TopologyRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { SAMPLES } from '@clipmesh/pipeline';
import { isBeingDeleted, refuseIfBeingDeleted, withoutMark } from './deleting-mark';

const NOW = wallTime(1_000_000_000);

const record = (deletingAgoMs?: number): TopologyRecord => ({
  format: 1,
  id: 'id',
  name: 'export',
  body: SAMPLES[0]!.topology,
  createdAtMs: NOW,
  lastModifiedAtMs: NOW,
  ...(deletingAgoMs !== undefined && { deletingSinceMs: wallTime(NOW - deletingAgoMs) }),
});

describe('the mark of a deletion', () => {
  it.each<[string, number | undefined, boolean]>([
    ['is not there by itself', undefined, false],
    ['counts at once', 0, true],
    ['counts for half a minute', 29_999, true],
    ['counts no more when its owner must be dead', 30_000, false],
  ])('%s', (_promise, ago, expected) => {
    expect(isBeingDeleted(record(ago), NOW)).toBe(expected);
  });

  it('keeps others away with a word on when to come again', () => {
    expect(() => {
      refuseIfBeingDeleted(record(5), NOW);
    }).toThrow(
      expect.objectContaining({ code: 'RevisionStale', hint: 'Ask again in a few seconds.' }) as Error,
    );
  });

  it('comes off without a trace', () => {
    expect(withoutMark(record(5))).toEqual(record());
  });
});
