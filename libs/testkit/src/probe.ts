import { mediaTool } from './media-tool';

/** A packet as ffprobe sees it, edit list applied; times in units of its stream's time base. */
export interface ProbedPacket {
  readonly pts: number;
  readonly dts: number;
  readonly duration: number;
  readonly size: number;
  /** `K` a sync sample, `D` to be decoded but not shown. */
  readonly flags: string;
  /** Offset in the file. */
  readonly pos: number;
}

export interface ProbedStream {
  readonly index: number;
  readonly codec_type: string;
  readonly codec_name: string;
  readonly codec_tag_string: string;
  /** `1/12800` */
  readonly time_base: string;
  readonly start_time: string;
  readonly duration: string;
  readonly nb_frames: string;
  readonly width?: number;
  readonly height?: number;
  readonly r_frame_rate: string;
  readonly sample_rate?: string;
  readonly channels?: number;
}

export interface ProbedFile {
  readonly streams: readonly ProbedStream[];
  readonly format: {
    readonly duration: string;
    readonly size: string;
    readonly tags?: Record<string, string>;
  };
}

/** Streams and format of a file. */
export async function probeFile(path: string): Promise<ProbedFile> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-show_streams', '-show_format', '-of', 'json'],
    path,
  ]);
  return JSON.parse(stdout) as ProbedFile; // ffprobe's own format
}

/** All packets of a stream (`v:0`, `a:0`), in the order of the file. */
export async function probePackets(path: string, stream = 'v:0'): Promise<readonly ProbedPacket[]> {
  const entries = 'packet=pts,dts,duration,size,flags,pos';
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-select_streams', stream, '-show_entries', entries, '-of', 'json'],
    path,
  ]);
  const { packets } = JSON.parse(stdout) as { packets: Record<keyof ProbedPacket, string | number>[] };
  return packets.map(({ pts, dts, duration, size, flags, pos }) => ({
    pts: Number(pts),
    dts: Number(dts),
    duration: Number(duration),
    size: Number(size),
    flags: String(flags),
    pos: Number(pos),
  }));
}
