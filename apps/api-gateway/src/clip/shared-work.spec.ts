import { SharedWork } from './shared-work';

/** Work that ends when it is told to. */
function setup() {
  const shared = new SharedWork<string>();
  const begun: { finish: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const work = (signal: AbortSignal) =>
    new Promise<string>((finish, fail) => {
      begun.push({ finish, fail, signal });
      signal.addEventListener('abort', () => {
        fail(new Error('broken off'));
      });
    });
  const ask = (key: string, signal = new AbortController().signal) => shared.run(key, signal, work);
  return { begun, ask };
}

it('is done once for all who ask at the same time', async () => {
  const { begun, ask } = setup();
  const all = [ask('a'), ask('a'), ask('b')];
  expect(begun).toHaveLength(2);
  begun[0]!.finish('one');
  begun[1]!.finish('two');
  expect(await Promise.all(all)).toEqual(['one', 'one', 'two']);
});

it('goes on for the others when one leaves, and is broken off when the last does', async () => {
  const { begun, ask } = setup();
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = [ask('a', first.signal), ask('a', second.signal)];
  first.abort(new Error('left'));
  await expect(asked[0]).rejects.toThrow('left');
  expect(begun[0]!.signal.aborted).toBe(false);
  second.abort(new Error('left, too'));
  await expect(asked[1]).rejects.toThrow('left, too');
  expect(begun[0]!.signal.aborted).toBe(true);
});

it('fails for all, and is tried again by who asks later', async () => {
  const { begun, ask } = setup();
  const asked = [ask('a'), ask('a')];
  begun[0]!.fail(new Error('no'));
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const later = ask('a');
  begun[1]!.finish('yes');
  expect(await later).toBe('yes');
});
