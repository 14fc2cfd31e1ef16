import { partsOf } from './part-bytes';

const never = new AbortController().signal;

async function* chunks(...sizes: number[]) {
  for (const size of sizes) {
    await Promise.resolve();
    yield new Uint8Array(size);
  }
}

async function sizesOf(source: AsyncIterable<Uint8Array>, partBytes: number): Promise<string[]> {
  const told: string[] = [];
  for await (const { bytes, isLast } of partsOf(source, partBytes, never)) {
    told.push(`${bytes.length}${isLast ? ' last' : ''}`);
  }
  return told;
}

describe('partsOf', () => {
  it.each([
    ['nothing', [], []],
    ['less than a part', [3], ['3 last']],
    ['exactly a part', [4, 6], ['10 last']],
    ['a part and one byte', [10, 1], ['10', '1 last']],
    ['one large chunk', [25], ['10', '10', '5 last']],
    ['chunks across borders', [7, 7, 7], ['10', '10', '1 last']],
  ])('collects %s', async (_what, sizes, told) => {
    expect(await sizesOf(chunks(...sizes), 10)).toEqual(told);
  });

  it('gives up a source that stands still when it is aborted', async () => {
    const controller = new AbortController();
    const still: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const first = partsOf(still, 10, controller.signal).next();
    controller.abort(new Error('canceled'));
    await expect(first).rejects.toThrow('canceled');
  });

  it('throws what the source throws', async () => {
    const broken = (async function* () {
      yield await Promise.resolve(new Uint8Array(3));
      throw new Error('encoder died');
    })();
    await expect(sizesOf(broken, 10)).rejects.toThrow('encoder died');
  });
});
