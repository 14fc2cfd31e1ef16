import { mutateBytes } from './mutate-bytes';
import { mutateJson } from './mutate-json';
import type { Random } from './random';

const FIXED_BYTES = 16;

/** Changes a record of the archive (see `encodeContainer`): its JSON, or one of its blobs, with sizes that are right. */
export function mutateRecord(bytes: Buffer, random: Random): Buffer {
  const record = takeApart(bytes);
  if (record === undefined || random.oneIn(4)) {
    return mutateBytes(bytes, random);
  }
  const { json, blobs } = record;
  const number = random.below(blobs.length);
  const blob = blobs[number];
  if (blob === undefined || random.oneIn(2)) {
    return putTogether(bytes, Buffer.from(mutateJson(json, random)), blobs);
  }
  const changed = random.oneIn(8) ? blobs.slice(0, number) : blobs.with(number, mutateBytes(blob, random));
  return putTogether(bytes, Buffer.from(json), changed);
}

function takeApart(bytes: Buffer): { json: string; blobs: Buffer[] } | undefined {
  if (bytes.length < FIXED_BYTES) {
    return undefined;
  }
  const [headerBytes, blobCount] = [bytes.readUInt32BE(8), bytes.readUInt32BE(12)];
  const headerStart = FIXED_BYTES + 4 * blobCount;
  let at = headerStart + headerBytes;
  if (at > bytes.length) {
    return undefined;
  }
  const blobs = Array.from({ length: blobCount }, (_, i) => {
    const blob = bytes.subarray(at, at + bytes.readUInt32BE(FIXED_BYTES + 4 * i));
    at += blob.length;
    return blob;
  });
  const json = bytes.toString('utf8', headerStart, headerStart + headerBytes);
  return isJson(json) ? { json, blobs } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // An earlier change has spoilt it: such bytes are changed as bytes.
    return false;
  }
}

function putTogether(like: Buffer, json: Buffer, blobs: readonly Buffer[]): Buffer {
  const fixed = Buffer.alloc(FIXED_BYTES + 4 * blobs.length);
  like.copy(fixed, 0, 0, 8);
  fixed.writeUInt32BE(json.length, 8);
  fixed.writeUInt32BE(blobs.length, 12);
  blobs.forEach((blob, i) => {
    fixed.writeUInt32BE(blob.length, FIXED_BYTES + 4 * i);
  });
  return Buffer.concat([fixed, json, ...blobs]);
}

/** As `mutateJson`, of a text on its own. */
export function mutateText(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString();
  return !isJson(text) || random.oneIn(5)
    ? mutateBytes(bytes, random)
    : Buffer.from(mutateJson(text, random));
}
