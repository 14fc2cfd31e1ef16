import { readFile } from 'node:fs/promises';
import { mediaTool } from '@clipmesh/testkit';

/** Frames that can be told apart after any encoding: each is grey, and neighbours differ by 37 or more. */
const greys = (fps: string, seconds: number, size: string): string =>
  `nullsrc=size=${size}:rate=${fps}:duration=${seconds},geq=lum='30+mod(N*37,200)':cb=128:cr=128`;

/** Silence but for one click of 10 ms. */
const clickAt = (second: number, seconds: number): string =>
  `aevalsrc=exprs='if(between(t,${second},${second}+0.01),0.8*sin(2*PI*1000*t),0)':sample_rate=48000:duration=${seconds}`;

export interface Source {
  readonly path: string;
  /** As ffmpeg's `rate` takes it; default 25. */
  readonly fps?: string;
  readonly seconds?: number;
  readonly size?: string;
  /** Second at which the sound clicks; no sound when absent. */
  readonly click?: number;
  /** Drops and shifts frames by this filter. */
  readonly filter?: string;
  readonly timescale?: number;
  readonly encoder?: readonly string[];
  readonly audioEncoder?: readonly string[];
}

/** Makes a progressive MP4 with the moov first, as it is fed to the encoder. */
export async function makeSource(source: Source): Promise<string> {
  const {
    path,
    fps = '25',
    seconds = 4,
    size = '64x64',
    click,
    filter = 'null',
    timescale = 90_000,
  } = source;
  const graph = `${greys(fps, seconds, size)},settb=1/${timescale},${filter}[v]`;
  const sound = click === undefined ? [] : [`${clickAt(click, seconds)}[a]`];
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-filter_complex', [graph, ...sound].join(';')],
    ...['-map', '[v]', '-fps_mode', 'passthrough', '-enc_time_base', `1:${timescale}`],
    ...(source.encoder ?? ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50']),
    ...['-pix_fmt', 'yuv420p', '-video_track_timescale', String(timescale)],
    ...(click === undefined ? [] : ['-map', '[a]', ...(source.audioEncoder ?? ['-c:a', 'aac', '-ac', '2'])]),
    ...['-movflags', '+faststart', '-f', 'mp4', path],
  ]);
  return path;
}

/** The file as a stream of chunks, as the store gives it. */
export async function* bytesOf(path: string, chunkBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = await readFile(path);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield bytes.subarray(at, at + chunkBytes);
  }
}

/** The brightness of each frame that a file shows, as a player shows them. */
export async function greysShown(path: string): Promise<number[]> {
  const rawPath = `${path}.gray`;
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough'],
    ...['-vf', 'scale=1:1:flags=area,format=gray', '-f', 'rawvideo', rawPath],
  ]);
  return [...(await readFile(rawPath))];
}

/** When the click is heard, in seconds, as a player plays it. */
export async function clickTime(path: string): Promise<number> {
  const rawPath = `${path}.f32`;
  await mediaTool('ffmpeg', [
    ...['-v', 'error', '-y', '-copyts', '-i', path, '-map', '0:a', '-af', 'aresample=async=1:first_pts=0'],
    ...['-ac', '1', '-ar', '48000', '-f', 'f32le', rawPath],
  ]);
  const raw = await readFile(rawPath);
  const samples = new Float32Array(raw.buffer, raw.byteOffset, Math.floor(raw.byteLength / 4));
  return samples.findIndex((sample) => Math.abs(sample) > 0.2) / 48_000;
}
