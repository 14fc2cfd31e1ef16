import { mediaTool } from '@clipmesh/testkit';

/** A packet as ffprobe finds and reads it; times in ticks of its stream, edit list applied. */
export interface PlacedPacket {
  readonly pts: number;
  readonly dts: number;
  readonly size: number;
  /** Offset in the file. */
  readonly pos: number;
  /** Of the bytes that ffprobe read there. */
  readonly hash: string;
}

/** Packets of a stream (`v:0`, `a:0`) from the sync sample at or before a time on; all without a time. */
export async function placedPackets(
  path: string,
  stream: string,
  fromSeconds?: number,
): Promise<readonly PlacedPacket[]> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-select_streams', stream, '-show_packets', '-show_data_hash', 'md5'],
    ...['-show_entries', 'packet=pts,dts,size,pos,data_hash', '-of', 'json'],
    ...(fromSeconds === undefined ? [] : ['-read_intervals', `${fromSeconds}%`]),
    path,
  ]);
  const { packets } = JSON.parse(stdout) as { packets: Record<string, string | number>[] };
  return packets.map(({ pts, dts, size, pos, data_hash }) => ({
    pts: Number(pts),
    dts: Number(dts),
    size: Number(size),
    pos: Number(pos),
    hash: String(data_hash),
  }));
}
