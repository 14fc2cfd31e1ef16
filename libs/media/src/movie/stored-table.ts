import { readFullBox } from '../box/box';
import { corruptBox } from '../bytes/box-error';
import type { StoredBox, StoredHeader } from './stored-header';

const WINDOW_BYTES = 1024 * 1024;
const TWO_32 = 4_294_967_296;

export interface TableForm {
  readonly newestVersion: number;
  readonly entryBytes: number;
  /** Between version and flags and the count of entries: 4 for stsz. */
  readonly bytesBeforeCount?: number;
}

/** A table of the stored header, walked from its first entry to its last through a window. */
export class StoredTable {
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;

  private constructor(
    private readonly header: StoredHeader,
    readonly type: string,
    /** Of the byte behind the window. */
    private next: number,
    private readonly end: number,
    private readonly entryBytes: number,
  ) {}

  /** Refuses a box whose count of entries and size contradict each other. */
  static async open(header: StoredHeader, box: StoredBox, form: TableForm): Promise<StoredTable> {
    const { type, bodyOffset, end } = box;
    const { newestVersion, entryBytes, bytesBeforeCount = 0 } = form;
    const headBytes = 8 + bytesBeforeCount;
    const head = await header.bodyOf({ type, bodyOffset, end: Math.min(end, bodyOffset + headBytes) });
    readFullBox(head, newestVersion);
    for (let i = 0; i < bytesBeforeCount; i += 4) {
      if (head.u32() !== 0) {
        throw corruptBox(type, 'has one size for all its samples, planned was one for each');
      }
    }
    const count = head.u32();
    if (bodyOffset + headBytes + count * entryBytes !== end) {
      throw corruptBox(type, `claims ${count} entries in ${end - bodyOffset} bytes`);
    }
    return new StoredTable(header, type, bodyOffset + headBytes, end, entryBytes);
  }

  /** Entries that were not taken yet. */
  get left(): number {
    return (this.view.byteLength - this.at + this.end - this.next) / this.entryBytes;
  }

  /** Whether the next entries, or all that are left, can be taken. */
  has(entries: number): boolean {
    return this.next === this.end || entries * this.entryBytes <= this.view.byteLength - this.at;
  }

  async fetch(entries: number): Promise<void> {
    if (this.has(entries)) {
      return;
    }
    const from = this.next - (this.view.byteLength - this.at);
    const length = Math.min(this.end - from, Math.max(WINDOW_BYTES, entries * this.entryBytes));
    const bytes = await this.header.tableBytes(from, length);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, length);
    this.at = 0;
    this.next = from + length;
  }

  u32(): number {
    if (this.at === this.view.byteLength) {
      throw corruptBox(this.type, 'tells of fewer samples than stsz');
    }
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  u64(): number {
    const upper = this.u32();
    return upper * TWO_32 + this.u32();
  }
}
