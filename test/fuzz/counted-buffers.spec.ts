import { BufferCount, TooMuchMemory } from './counted-buffers';

describe('bytes of buffers that a run asks for', () => {
  const shared = new ArrayBuffer(16);
  let count: BufferCount;

  beforeEach(() => {
    count = new BufferCount();
  });
  afterEach(() => {
    count.stop();
  });

  it.each<[string, number, () => unknown]>([
    ['a column', 400, () => new Uint32Array(100)],
    ['a column of a list', 24, () => Float64Array.from([1, 2, 3])],
    ['a copy of a part', 400 + 40, () => new Int32Array(100).slice(0, 10)],
    ['a column given back at once', 800, () => [new Uint8Array(400).length, new Uint8Array(400).length]],
    ['a Buffer', 100, () => Buffer.alloc(100)],
    ['Buffers joined', 5, () => Buffer.concat([Buffer.of(1, 2), Buffer.of(3, 4, 5)])],
    ['a view, which is none', 0, () => new Uint8Array(shared, 4, 4)],
    ['a part of a view', 0, () => new Uint8Array(shared).subarray(3)],
  ])('are counted for %s', (_, bytes, run) => {
    expect(count.during(1e6, run).bytes).toBe(bytes);
    // Each run is counted for itself.
    expect(count.during(1e6, run).bytes).toBe(bytes);
  });

  it('are refused beyond the bound, before they are there', () => {
    const huge = (): unknown => [new Uint8Array(600_000), new Uint8Array(2 ** 46)];
    expect(() => count.during(1e6, huge)).toThrow(TooMuchMemory);
  });

  it('leave the classes as they were in the end', () => {
    const classes = (): unknown[] => [
      Uint8Array,
      Float64Array,
      Buffer.alloc,
      Uint8Array.prototype.constructor,
    ];
    const counted = classes();
    count.stop();
    const before = classes();
    new BufferCount().stop();
    expect(classes()).toEqual(before);
    expect(before.map((one, i) => one === counted[i])).toEqual([false, false, false, false]);
  });

  it('are of the same classes as before', () => {
    expect(Buffer.alloc(1) instanceof Uint8Array).toBe(true);
    expect(new Uint8Array(1).subarray(0) instanceof Uint8Array).toBe(true);
  });
});
