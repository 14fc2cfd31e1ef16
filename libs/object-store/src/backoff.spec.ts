import { backOff, backoffMs } from './backoff';

const policy = { attempts: 5, baseDelayMs: 100, maxDelayMs: 1_000 };

describe('backoffMs', () => {
  it.each([
    ['the first wait', 1, 0, 50],
    ['the first wait, at most', 1, 1, 100],
    ['doubled each time', 3, 1, 400],
    ['never above the most', 9, 1, 1_000],
  ])('is %s', (_what, attempt, chance, expected) => {
    expect(backoffMs(attempt, policy, chance)).toBe(expected);
  });

  it('ends with the reason of an abort', async () => {
    const reason = new Error('canceled');
    await expect(backOff(1, policy, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
