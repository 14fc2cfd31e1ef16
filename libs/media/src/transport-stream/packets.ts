const SYNC = 0x47;
const PACKET_BYTES = 188;
/** Bytes before each packet: none, or the arrival time of Blu-ray and of some cameras (`.m2ts`). */
const LEADS = [0, 4] as const;
/** So many packets in a row begin with the sync byte: no MP4 does that by chance. */
const PROOF = 4;

/** A packet of a transport stream (ISO/IEC 13818-1 §2.4.3.2). */
export interface TransportPacket {
  readonly pid: number;
  /** A section or a PES packet begins in it. */
  readonly isStart: boolean;
  readonly payload: Uint8Array;
}

/** Whether bytes from the start of an object are an MPEG transport stream. */
export function isTransportStream(head: Uint8Array): boolean {
  return leadOf(head) !== undefined;
}

/** The whole packets in the head of a transport stream; none when it is something else. */
export function* transportPackets(head: Uint8Array): Generator<TransportPacket> {
  const lead = leadOf(head);
  if (lead === undefined) {
    return;
  }
  const step = lead + PACKET_BYTES;
  for (let at = lead; at + PACKET_BYTES <= head.length && head[at] === SYNC; at += step) {
    yield readPacket(head.subarray(at, at + PACKET_BYTES));
  }
}

function leadOf(head: Uint8Array): number | undefined {
  return LEADS.find((lead) => {
    const step = lead + PACKET_BYTES;
    return head.length >= PROOF * step && range(PROOF).every((i) => head[lead + i * step] === SYNC);
  });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function readPacket(packet: Uint8Array): TransportPacket {
  const [, high = 0, low = 0, control = 0, adaptationBytes = 0] = packet;
  const hasAdaptation = (control & 0x20) !== 0;
  const hasPayload = (control & 0x10) !== 0;
  const start = hasAdaptation ? 5 + adaptationBytes : 4;
  return {
    pid: ((high & 0x1f) << 8) | low,
    isStart: (high & 0x40) !== 0,
    payload: packet.subarray(hasPayload ? Math.min(start, PACKET_BYTES) : PACKET_BYTES),
  };
}
