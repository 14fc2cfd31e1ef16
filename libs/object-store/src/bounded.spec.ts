import { BoundedTasks } from './bounded';

/** Lets everything that can go on go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('BoundedTasks', () => {
  it('runs no more than its limit at a time', async () => {
    const tasks = new BoundedTasks(2, undefined);
    const gates = [gate(), gate(), gate()];
    const started: number[] = [];
    const adding = (async () => {
      for (const [n, { opened }] of gates.entries()) {
        await tasks.add(() => {
          started.push(n);
          return opened;
        });
      }
    })();
    await turn();
    expect(started).toEqual([0, 1]);
    gates[1]!.open();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    for (const { open } of gates) {
      open();
    }
    await adding;
    await tasks.end();
  });

  it('aborts the others with the first failure and throws that one', async () => {
    const tasks = new BoundedTasks(2, undefined);
    const { open, opened } = gate();
    await tasks.add(async (signal) => {
      await opened;
      throw signal.reason;
    });
    await tasks.add(() => Promise.reject(new Error('first')));
    open();
    await expect(tasks.end()).rejects.toThrow('first');
  });

  it('starts nothing after the caller has aborted', async () => {
    const tasks = new BoundedTasks(2, AbortSignal.abort(new Error('canceled')));
    await expect(tasks.add(() => Promise.resolve())).rejects.toThrow('canceled');
  });
});
