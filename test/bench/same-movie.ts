import { mediaTool } from '@clipmesh/testkit';

/** What ffprobe finds in a file: length, and packets by kind. */
async function facts(url: string): Promise<{ seconds: number; packets: readonly string[] }> {
  const { stdout } = await mediaTool('ffprobe', [
    ...['-v', 'error', '-count_packets', '-of', 'json'],
    ...['-show_entries', 'format=duration:stream=codec_type,nb_read_packets', url],
  ]);
  // ffprobe's own format
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_type: string; nb_read_packets: string }[];
    format: { duration: string };
  };
  return {
    seconds: Number(format.duration),
    packets: streams.map(({ codec_type, nb_read_packets }) => `${nb_read_packets} ${codec_type}`),
  };
}

/** A benchmark of two things that are not the same says nothing: both hold the same packets, and last as long. */
export async function checkSameMovie(ours: string, theirs: string): Promise<string> {
  const [mine, other] = [await facts(ours), await facts(theirs)];
  const isSame = mine.packets.join() === other.packets.join() && Math.abs(mine.seconds - other.seconds) < 0.1;
  const told = `${mine.packets.join(', ')}, ${String(mine.seconds)} s`;
  if (!isSame) {
    throw new Error(`ours holds ${told}; ffmpeg's ${other.packets.join(', ')}, ${String(other.seconds)} s`);
  }
  return told;
}
