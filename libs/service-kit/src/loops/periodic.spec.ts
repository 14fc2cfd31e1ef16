import { Periodic } from './periodic';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setup(run: (signal: AbortSignal) => Promise<void>) {
  const errors: unknown[] = [];
  const write = () => undefined;
  const log = { debug: write, info: write, warn: write, error: (facts: object) => errors.push(facts) };
  return { errors, loop: new Periodic({ name: 'sweep', everyMs: 1_000, log, run }) };
}

it('runs at once and then after every pause', async () => {
  let runs = 0;
  const { loop } = setup(() => Promise.resolve(void (runs += 1)));
  loop.start();
  expect(runs).toBe(1);
  await jest.advanceTimersByTimeAsync(2_500);
  expect(runs).toBe(3);
  await loop.stop();
});

it('never runs twice at a time', async () => {
  let runs = 0;
  const { loop } = setup(
    () =>
      new Promise((resolve) => {
        runs += 1;
        setTimeout(resolve, 5_000);
      }),
  );
  loop.start();
  loop.start();
  await jest.advanceTimersByTimeAsync(4_900);
  expect(runs).toBe(1);
  const stopped = loop.stop();
  await jest.advanceTimersByTimeAsync(100);
  await stopped;
});

it('logs a run that fails once, and goes on', async () => {
  let runs = 0;
  const { loop, errors } = setup(() => {
    runs += 1;
    return runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve();
  });
  loop.start();
  await jest.advanceTimersByTimeAsync(1_500);
  expect([runs, errors]).toEqual([2, [expect.objectContaining({ loop: 'sweep', code: 'InternalError' })]]);
  await loop.stop();
});

it('stop aborts the run, waits for it, and does not call that a failure', async () => {
  const { loop, errors } = setup(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('torn away'));
        });
      }),
  );
  loop.start();
  await loop.stop();
  expect(errors).toEqual([]);
});

it('stop bears a loop that was never started', async () => {
  await expect(setup(() => Promise.resolve()).loop.stop()).resolves.toBeUndefined();
});
