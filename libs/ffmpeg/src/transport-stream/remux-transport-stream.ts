import type { Readable } from 'node:stream';
import { blameMedia } from '../run/blame-media';
import { runFfmpeg } from '../run/run-ffmpeg';

export interface Remux<T> {
  readonly input: AsyncIterable<Uint8Array>;
  /** What is in it, by ffmpeg's names. */
  readonly codecs: ReadonlySet<string>;
  readonly consume: (output: Readable) => Promise<T>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** An hour is copied in well under a minute. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * Copies the first picture and sound of an MPEG transport stream into fragmented MP4, one fragment a GOP, bit for bit.
 * The same input gives the same bytes. Frames before the first sync sample are kept, so that nothing moves in time.
 *
 * @throws `UndecodableMedia` when ffmpeg cannot read or copy it; else as `runFfmpeg`.
 */
export async function remuxTransportStream<T>(remux: Remux<T>): Promise<T> {
  const { input, consume, signal, codecs, timeoutMs = TIMEOUT_MS } = remux;
  const args = [
    ...['-protocol_whitelist', 'pipe', '-f', 'mpegts', '-i', 'pipe:0'],
    ...['-map', '0:v:0?', '-map', '0:a:0?', '-c', 'copy', '-copyinkf'],
    // ADTS headers are in each frame of a transport stream, in MP4 once in the sample entry.
    ...(codecs.has('aac') ? ['-bsf:a', 'aac_adtstoasc'] : []),
    // Apple's players refuse `hev1`, ffmpeg's own choice.
    ...(codecs.has('hevc') ? ['-tag:v', 'hvc1'] : []),
    ...['-fflags', '+bitexact', '-flags', 'bitexact'],
    // A moov that is written with the first fragment knows how sound and pictures lie to each other; the stream's own
    // clock, so that nothing is rounded.
    ...['-movie_timescale', '90000'],
    ...['-movflags', '+frag_keyframe+delay_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
  return runFfmpeg({ args, input, consume, signal, timeoutMs }).catch(
    blameMedia('the transport stream cannot be copied into MP4'),
  );
}
