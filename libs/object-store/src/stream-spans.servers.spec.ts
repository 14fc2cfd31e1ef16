import { randomBytes } from 'node:crypto';
import type { Span } from '@clipmesh/media';
import { withMinio } from '@clipmesh/testkit';
import { ObjectStore } from './object-store';
import { streamSpans } from './stream-spans';

const MIB = 1024 * 1024;
const servers = withMinio();
const ref = { bucket: 'archive', key: 'a.mp4' };
const bytes = randomBytes(3 * MIB);
let store: ObjectStore;
let etag: string;

beforeAll(async () => {
  store = ObjectStore.open(servers.minio);
  await store.ensureBucket('archive');
  ({ etag } = await store.put(ref, bytes));
});

afterAll(() => {
  store.close();
});

const range = (offset: number, length: number): Span => ({ kind: 'object', object: 0, offset, length });
const spans: readonly Span[] = [
  { kind: 'inline', bytes: Buffer.from('header') },
  range(2 * MIB, 1_000),
  range(5, 0),
  range(7, 2 * MIB),
  { kind: 'inline', bytes: Buffer.from('end') },
];

describe('streamSpans', () => {
  it('gives the bytes of all spans in order', async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of streamSpans(store, spans, [{ ref, etag }])) {
      chunks.push(chunk);
    }
    const expected = [
      Buffer.from('header'),
      bytes.subarray(2 * MIB, 2 * MIB + 1_000),
      bytes.subarray(7, 7 + 2 * MIB),
      Buffer.from('end'),
    ];
    expect(Buffer.concat(chunks).equals(Buffer.concat(expected))).toBe(true);
  });

  it('fails when an object is not the one that was indexed', async () => {
    const stream = streamSpans(store, spans, [{ ref, etag: 'another' }]);
    await expect(drained(stream)).rejects.toMatchObject({ code: 'SourceChanged' });
  });

  it('fails with the reason of an abort', async () => {
    const controller = new AbortController();
    const stream = streamSpans(store, spans, [{ ref, etag }], { signal: controller.signal });
    await stream.next();
    controller.abort(new Error('canceled'));
    await expect(drained(stream)).rejects.toThrow('canceled');
  });

  it('fails with the reason of an abort while the next read is open already', async () => {
    const controller = new AbortController();
    const opened: Promise<unknown>[] = [];
    const watched = Object.assign(Object.create(store) as ObjectStore, {
      read: (...read: Parameters<ObjectStore['read']>) => {
        const body = store.read(...read);
        opened.push(body);
        return body;
      },
    });
    const stream = streamSpans(watched, spans, [{ ref, etag }], { signal: controller.signal });
    await stream.next();
    await Promise.all(opened);
    controller.abort(new Error('canceled'));
    // An error that nobody hears ends the process in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    await expect(drained(stream)).rejects.toThrow('canceled');
  });

  it('can be left early', async () => {
    for await (const chunk of streamSpans(store, spans, [{ ref, etag }])) {
      expect(Buffer.from(chunk).toString()).toBe('header');
      break;
    }
    expect(await store.head(ref)).toBeDefined();
  });
});

async function drained(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of stream) {
    expect(chunk.length).toBeGreaterThan(0);
  }
}
