import { RightOfWay } from './right-of-way';

/** A file that is written until it is told to be done. */
function openWrite(rightOfWay: RightOfWay) {
  let done: () => void = () => undefined;
  const written = rightOfWay.write(() => new Promise<void>((resolve) => (done = resolve)));
  return {
    written,
    done: () => {
      done();
    },
  };
}

/** Whether a promise has settled by the time that all that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('lets a digest read at once while no file is written', async () => {
  expect(await isSettled(new RightOfWay().giveWay())).toBe(true);
});

it('holds a digest until the last file is written', async () => {
  const rightOfWay = new RightOfWay();
  const [first, second] = [openWrite(rightOfWay), openWrite(rightOfWay)];
  const waiting = rightOfWay.giveWay();
  first.done();
  await first.written;
  expect(await isSettled(waiting)).toBe(false);
  second.done();
  await second.written;
  expect(await isSettled(waiting)).toBe(true);
});

it('lets a digest come to an end however long files are written', async () => {
  const rightOfWay = new RightOfWay();
  openWrite(rightOfWay);
  const waiting = rightOfWay.giveWay();
  jest.advanceTimersByTime(100);
  expect(await isSettled(waiting)).toBe(true);
});

it('lets a digest that has waited read some chunks, and no more', async () => {
  const rightOfWay = new RightOfWay();
  openWrite(rightOfWay);
  void rightOfWay.giveWay();
  jest.advanceTimersByTime(100);
  const chunks = Array.from({ length: 17 }, () => rightOfWay.giveWay());
  expect(await isSettled(Promise.all(chunks.slice(0, 16)))).toBe(true);
  expect(await isSettled(chunks[16]!)).toBe(false);
});

it('gives way no longer after a write that failed', async () => {
  const rightOfWay = new RightOfWay();
  await expect(rightOfWay.write(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
  expect(await isSettled(rightOfWay.giveWay())).toBe(true);
});
