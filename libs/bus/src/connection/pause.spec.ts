import { pause } from './pause';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('ends after its time', async () => {
  let ended = false;
  void pause(100).then(() => (ended = true));
  await jest.advanceTimersByTimeAsync(99);
  expect(ended).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(ended).toBe(true);
});

it('throws the reason of its signal at once, and leaves no timer', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const paused = pause(100, abort.signal);
  abort.abort(reason);
  await expect(paused).rejects.toBe(reason);
  expect(jest.getTimerCount()).toBe(0);
});

it('does not begin when its signal has aborted', async () => {
  await expect(pause(100, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
