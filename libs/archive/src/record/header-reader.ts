import { corruptRecord, type Container } from './container';

/** Reads the header of a container member by member; what is missing or of another type is refused by its path. */
export class HeaderReader {
  private constructor(
    private readonly magic: string,
    private readonly blobs: readonly Uint8Array[],
    private value: unknown,
    /** Where the value stands; put together only for a refusal. */
    private place: string | number,
    private readonly parent?: HeaderReader,
  ) {}

  static of(magic: string, container: Container): HeaderReader {
    return new HeaderReader(magic, container.blobs, container.header, 'header');
  }

  at(name: string): HeaderReader {
    return new HeaderReader(this.magic, this.blobs, this.member(name), name, this);
  }

  /** As `at(name).text()`, without a reader between: a day has a hundred thousand texts. */
  textAt(name: string): string {
    const value = this.member(name);
    return typeof value === 'string' ? value : this.at(name).text();
  }

  /** As `at(name).row(length)`. */
  rowAt(name: string, length: number): readonly number[] {
    const value = this.member(name);
    return isRow(value, length) ? value : this.at(name).row(length);
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  /** The reader that is given moves on from item to item. */
  list<T>(read: (item: HeaderReader) => T): T[] {
    const item = new HeaderReader(this.magic, this.blobs, undefined, 0, this);
    return this.items().map((value, i) => {
      item.value = value;
      item.place = i;
      return read(item);
    });
  }

  /** A list of so many whole numbers: rows of tables are kept without names. */
  row(length: number, orLength = length): readonly number[] {
    const { value } = this;
    if (!isRow(value, length, orLength)) {
      throw corruptRecord(this.magic, `has no row of ${length} whole numbers at ${this.path}`);
    }
    return value;
  }

  text(): string {
    if (typeof this.value !== 'string') {
      throw corruptRecord(this.magic, `has no text at ${this.path}`);
    }
    return this.value;
  }

  textOf<T extends string>(allowed: readonly T[]): T {
    const text = this.text();
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) {
      throw corruptRecord(this.magic, `has none of ${allowed.join(', ')} at ${this.path}`);
    }
    return found;
  }

  integer(): number {
    if (!Number.isSafeInteger(this.value)) {
      throw corruptRecord(this.magic, `has no whole number at ${this.path}`);
    }
    return this.value as number;
  }

  /** A whole number that counts or measures: not negative. */
  count(): number {
    const value = this.integer();
    if (value < 0) {
      throw corruptRecord(this.magic, `has ${value} at ${this.path}, expected no less than 0`);
    }
    return value;
  }

  /** The blob whose number stands here. */
  blob(): Uint8Array {
    return this.blobOf(this.integer());
  }

  /** The blob of a number that was read from a row. */
  blobOf(number: number | undefined): Uint8Array {
    const blob = this.blobs[number ?? -1];
    if (blob === undefined) {
      throw corruptRecord(this.magic, `names a blob that is not there at ${this.path}`);
    }
    return blob;
  }

  fail(problem: string): never {
    throw corruptRecord(this.magic, `${problem} at ${this.path}`);
  }

  private member(name: string): unknown {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw corruptRecord(this.magic, `has no object at ${this.path}`);
    }
    // An own member only: a name such as `constructor` must not find what every object has.
    return Object.hasOwn(this.value, name)
      ? (this.value as Readonly<Record<string, unknown>>)[name]
      : undefined;
  }

  private get path(): string {
    if (this.parent === undefined) {
      return String(this.place);
    }
    return typeof this.place === 'number'
      ? `${this.parent.path}[${this.place}]`
      : `${this.parent.path}.${this.place}`;
  }

  private items(): readonly unknown[] {
    if (!Array.isArray(this.value)) {
      throw corruptRecord(this.magic, `has no list at ${this.path}`);
    }
    return this.value as readonly unknown[];
  }
}

function isRow(value: unknown, length: number, orLength = length): value is readonly number[] {
  return (
    Array.isArray(value) &&
    (value.length === length || value.length === orLength) &&
    value.every(Number.isSafeInteger)
  );
}
