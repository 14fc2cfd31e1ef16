import { mediaBytes, mediaTool } from './media-tool';

/** A picture as a player shows it. */
export interface PresentedFrame {
  /** On the file's clock. */
  readonly seconds: number;
  /** MD5 of the decoded picture. */
  readonly hash: string;
}

/** A packet of a stream with what it holds, edit list applied. */
export interface HashedPacket {
  /** Presentation time on the file's clock; before 0 for what is only decoded. */
  readonly seconds: number;
  readonly durationSeconds: number;
  /** MD5 of the packet's bytes. */
  readonly hash: string;
  readonly isSync: boolean;
  /** Where the packet's bytes lie in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Decodes the video as a player shows it; `strictly` rejects when the decoder finds anything wrong. */
export async function presentedFrames(path: string, strictly = true): Promise<readonly PresentedFrame[]> {
  const { stdout } = await mediaTool('ffmpeg', [
    ...['-v', 'error', '-copyts', '-noautorotate'],
    ...(strictly ? ['-xerror', '-err_detect', 'explode'] : []),
    // In the track's own ticks; otherwise times are rounded to a nominal frame rate.
    ...['-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-f', 'framemd5', '-'],
  ]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const [, numerator = '0', denominator = '1'] = /^#tb 0: (\d+)\/(\d+)$/m.exec(stdout) ?? [];
  return lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      // stream, dts, pts, duration, size, hash
      const fields = line.split(',').map((field) => field.trim());
      return { seconds: (Number(fields[2]) * Number(numerator)) / Number(denominator), hash: fields[5]! };
    });
}

/** All packets of a stream (`v:0`, `a:0`), in the order of the file. */
export async function hashedPackets(path: string, stream: string): Promise<readonly HashedPacket[]> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-select_streams', stream, '-show_packets', '-show_data_hash', 'md5', '-of', 'json'],
    path,
  ]);
  const { packets } = JSON.parse(stdout) as { packets: readonly ProbedPacket[] };
  return packets.map(({ pts_time, duration_time, data_hash, flags, pos, size }, i) => ({
    seconds: Number(pts_time),
    // Of some fragments ffprobe gives no durations.
    durationSeconds: Number(duration_time ?? untilNext(packets, i)),
    hash: data_hash,
    isSync: flags.includes('K'),
    offset: Number(pos),
    sizeBytes: Number(size),
  }));
}

/** As ffprobe prints it. */
interface ProbedPacket {
  readonly pts_time: string;
  readonly duration_time?: string;
  readonly data_hash: string;
  readonly flags: string;
  readonly pos: string;
  readonly size: string;
}

/** Seconds up to the next packet; of the last packet as of the one before. */
function untilNext(packets: readonly { readonly pts_time: string }[], i: number): number {
  const at = Math.min(i, packets.length - 2);
  return Number(packets[at + 1]?.pts_time) - Number(packets[at]?.pts_time);
}

/** The sound as a player plays it: 16-bit samples, channels interleaved. */
export async function presentedSound(path: string): Promise<Int16Array> {
  const bytes = await mediaBytes('ffmpeg', [
    ...['-v', 'error', '-xerror', '-i', path, '-map', '0:a:0', '-f', 's16le', '-'],
  ]);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
