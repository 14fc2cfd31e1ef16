/**
 * Counts every byte of array buffers that is asked for while something runs: what was given back meanwhile is counted too,
 * so the sum is never below the peak, whatever the collector does.
 */
const CLASSES = [
  'ArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;
const BUFFERS = ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const;

/** All that is needed of a class of this list: its instances have a length in bytes. */
type Construct = new (...args: unknown[]) => ArrayBuffer | ArrayBufferView;

export class TooMuchMemory extends Error {}

/**
 * To be started once and not around each run: V8 compiles anew what uses a class that has been replaced. Nothing of Node's
 * own that bypasses these classes is counted, such as what zlib inflates.
 */
export class BufferCount {
  private bytes = 0;
  private mostBytes = Infinity;
  private readonly undo: readonly (() => void)[];

  constructor() {
    const count: Count = (bytes) => {
      this.add(bytes);
    };
    this.undo = [
      ...CLASSES.map((name) => countClass(name, count)),
      ...BUFFERS.map((name) => countBuffer(name, count)),
    ];
  }

  /** Refuses before it is allocated what would make the sum of this run larger than `mostBytes`. */
  during<T>(mostBytes: number, run: () => T): { readonly value: T; readonly bytes: number } {
    this.bytes = 0;
    this.mostBytes = mostBytes;
    try {
      return { value: run(), bytes: this.bytes };
    } finally {
      this.mostBytes = Infinity;
    }
  }

  stop(): void {
    this.undo.forEach((restore) => {
      restore();
    });
  }

  private add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.mostBytes) {
      throw new TooMuchMemory(
        `asked for ${this.bytes} bytes of buffers, at most ${this.mostBytes} are allowed`,
      );
    }
  }
}

type Count = (bytes: number) => void;

/** Also for `slice`, `map` and `from`, which make another of the same constructor. */
function countClass(name: (typeof CLASSES)[number], count: Count): () => void {
  const original = globalThis[name] as unknown as Construct & { readonly BYTES_PER_ELEMENT?: number };
  const counted = new Proxy(original, {
    construct(target, args: unknown[], newTarget) {
      const [length] = args;
      if (typeof length === 'number') {
        count(length * (original.BYTES_PER_ELEMENT ?? 1));
      }
      // What a class of Node's derives from is not ours to replace.
      const made = Reflect.construct(target, args, newTarget === counted ? target : newTarget) as
        ArrayBuffer | ArrayBufferView;
      if (typeof length !== 'number' && !('buffer' in made && made.buffer === length)) {
        count(made.byteLength);
      }
      return made;
    },
  });
  const { prototype } = original as unknown as { prototype: object };
  Reflect.set(globalThis, name, counted);
  Reflect.set(prototype, 'constructor', counted);
  return () => {
    Reflect.set(globalThis, name, original);
    Reflect.set(prototype, 'constructor', original);
  };
}

function countBuffer(name: (typeof BUFFERS)[number], count: Count): () => void {
  const original = Buffer[name];
  Buffer[name] = (size: number, ...rest: []) => {
    count(size);
    return original.call(Buffer, size, ...rest);
  };
  return () => {
    Buffer[name] = original;
  };
}
