import { transportPackets } from './packets';

/** Values of `stream_type` that matter to us (ISO/IEC 13818-1 table 2-34). */
export const STREAM_TYPES = { adtsAac: 0x0f, hevc: 0x24 } as const;

const PAT_PID = 0;
const PAT_TABLE = 0;
const PMT_TABLE = 2;
const CRC_BYTES = 4;

/**
 * The kinds of stream that the first program of a transport stream announces, in its order; none when its tables are
 * not whole within `head`. Tables of one packet are read: longer ones are for programs of dozens of streams.
 */
export function streamTypesOf(head: Uint8Array): readonly number[] {
  let mapPid: number | undefined;
  for (const { pid, isStart, payload } of transportPackets(head)) {
    if (isStart && mapPid === undefined && pid === PAT_PID) {
      mapPid = firstMapPid(sectionOf(payload, PAT_TABLE));
    } else if (isStart && pid === mapPid) {
      return typesInMap(sectionOf(payload, PMT_TABLE));
    }
  }
  return [];
}

/** A section's bytes from `table_id` up to its checksum; empty when it is another table or does not end here. */
function sectionOf(payload: Uint8Array, table: number): Uint8Array {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const length = 3 + u12(section, 1);
  const isWhole = section[0] === table && length <= section.length;
  return isWhole ? section.subarray(0, Math.max(0, length - CRC_BYTES)) : section.subarray(0, 0);
}

/** §2.4.4.3: pairs of program number and PID; number 0 is the network's. */
function firstMapPid(pat: Uint8Array): number | undefined {
  for (let at = 8; at + 4 <= pat.length; at += 4) {
    if (u16(pat, at) !== 0) {
      return u16(pat, at + 2) & 0x1fff;
    }
  }
  return undefined;
}

/** §2.4.4.8: behind the program's descriptors, for each stream its type, PID and descriptors. */
function typesInMap(pmt: Uint8Array): readonly number[] {
  const types: number[] = [];
  for (let at = 12 + u12(pmt, 10); at + 5 <= pmt.length; at += 5 + u12(pmt, at + 3)) {
    types.push(pmt[at] ?? 0);
  }
  return types;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u12(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) & 0xfff;
}
