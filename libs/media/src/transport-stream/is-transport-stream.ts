/** Of a packet (ISO/IEC 13818-1 §2.4.3.2). */
const SYNC = 0x47;
const PACKET_BYTES = 188;
/** Bytes before each packet: none, or the arrival time of Blu-ray and of some cameras (`.m2ts`). */
const LEADS = [0, 4] as const;
/** So many packets in a row begin with the sync byte: no MP4 does that by chance. */
const PROOF = 4;

/** Whether bytes from the start of an object are an MPEG transport stream. */
export function isTransportStream(head: Uint8Array): boolean {
  return LEADS.some((lead) => {
    const starts = Array.from({ length: PROOF }, (_, i) => lead + i * (lead + PACKET_BYTES));
    return starts.every((at) => head[at] === SYNC);
  });
}
