import { readTopLevelBoxes } from './box-stream';

function box(type: string, payloadBytes: number, long = false): Buffer {
  const header = Buffer.alloc(long ? 16 : 8);
  header.writeUInt32BE(long ? 1 : 8 + payloadBytes, 0);
  header.write(type, 4, 'latin1');
  if (long) {
    header.writeBigUInt64BE(BigInt(16 + payloadBytes), 8);
  }
  return Buffer.concat([header, Buffer.alloc(payloadBytes, type.charCodeAt(0))]);
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function typesAndSizes(bytes: Buffer, chunk: number): Promise<string[]> {
  const seen: string[] = [];
  const all: Buffer[] = [];
  for await (const { type, bytes: whole } of readTopLevelBoxes(inChunks(bytes, chunk))) {
    seen.push(`${type}:${String(whole.length)}`);
    all.push(Buffer.from(whole));
  }
  expect(Buffer.concat(all).equals(bytes)).toBe(true);
  return seen;
}

const MOVIE = Buffer.concat([box('ftyp', 20), box('moov', 300), box('moof', 0), box('mdat', 1000, true)]);

it.each([1, 7, 8, 9, 16, 500, 10_000])('cuts at boxes whatever the chunks are: %d bytes', async (chunk) => {
  expect(await typesAndSizes(MOVIE, chunk)).toEqual(['ftyp:28', 'moov:308', 'moof:8', 'mdat:1016']);
});

it.each([
  ['a stream that ends inside a box', MOVIE.subarray(0, -1)],
  ['a stream that ends inside a header', Buffer.concat([MOVIE, Buffer.alloc(4)])],
  ['a box smaller than its header', Buffer.from('0000000366747970', 'hex')],
  ['a box that no memory holds', Buffer.from('ffffffff6d646174', 'hex')],
])('refuses %s', async (_reason, bytes) => {
  await expect(typesAndSizes(bytes, 64)).rejects.toMatchObject({ code: 'SegmentCorrupt' });
});
