import { ExportError } from '@clipmesh/errors';

/** One top-level box of an MP4, header included (ISO/IEC 14496-12 §4.2). */
export interface TopLevelBox {
  readonly type: string;
  readonly bytes: Buffer;
}

const SHORT_HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;
/** A box is held in memory whole; a GOP of any camera is far smaller. */
const MAX_BOX_BYTES = 512 * 1024 * 1024;

/** Cuts a stream of bytes at its top-level boxes. Ends with the stream; a box cut short is an error. */
export async function* readTopLevelBoxes(source: AsyncIterable<Uint8Array>): AsyncGenerator<TopLevelBox> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wanted = SHORT_HEADER_BYTES;
  for await (const chunk of source) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    heldBytes += chunk.byteLength;
    if (heldBytes < wanted) {
      continue;
    }
    let rest = Buffer.concat(held, heldBytes);
    for (;;) {
      wanted = boxBytes(rest);
      if (rest.length < wanted || wanted === 0) {
        break;
      }
      yield { type: rest.toString('latin1', 4, 8), bytes: rest.subarray(0, wanted) };
      rest = rest.subarray(wanted);
    }
    wanted = Math.max(wanted, SHORT_HEADER_BYTES);
    held = [rest];
    heldBytes = rest.length;
  }
  if (heldBytes > 0) {
    throw corrupt(`the stream ended inside a box: ${heldBytes} of ${wanted} bytes`);
  }
}

/** Size of the box that the bytes begin with; 0 while too few of them are there to tell. */
function boxBytes(bytes: Buffer): number {
  if (bytes.length < SHORT_HEADER_BYTES) {
    return 0;
  }
  const short = bytes.readUInt32BE(0);
  if (short === 1 && bytes.length < LONG_HEADER_BYTES) {
    return 0;
  }
  const size = short === 1 ? Number(bytes.readBigUInt64BE(8)) : short;
  if (size < SHORT_HEADER_BYTES || size > MAX_BOX_BYTES) {
    throw corrupt(`a top-level box of ${size} bytes`);
  }
  return size;
}

function corrupt(message: string): ExportError {
  return new ExportError('SegmentCorrupt', { message: `cannot cut the recording: ${message}` });
}
