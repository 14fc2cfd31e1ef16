import { KeyedLock } from './keyed-lock';

it('runs what has the same key one after the other, and other keys beside it, whatever fails', async () => {
  const lock = new KeyedLock();
  const steps: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = lock.run('a', async () => {
    steps.push('a1 begins');
    await held;
    steps.push('a1 fails');
    throw new Error('a1');
  });
  const second = lock.run('a', () => Promise.resolve(steps.push('a2')));
  await lock.run('b', () => Promise.resolve(steps.push('b')));
  release();
  await expect(first).rejects.toThrow('a1');
  await second;
  expect(steps).toEqual(['a1 begins', 'b', 'a1 fails', 'a2']);
});
