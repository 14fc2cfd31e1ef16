import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mediaTool } from '@clipmesh/testkit';

export interface SimilarityOptions {
  readonly source: string;
  readonly encoded: string;
  readonly partSeconds: number;
  readonly folder: string;
}

/** How like the source an encoding is (SSIM of luma and chroma, 1 is the same), as ffmpeg's own filter says. */
export interface Similarity {
  readonly mean: number;
  /** Mean of the part that has the lowest. */
  readonly worstPart: number;
  /** Standard deviation of the means of all parts. */
  readonly spread: number;
  /** Mean over the frames on both sides of seams. */
  readonly seams: number;
  readonly kbps: number;
}

const FPS = 25;
const FRAMES_BESIDE_SEAM = 5;

/** Frame by frame against the source, scaled to the size of the encoding. */
export async function similarity({
  source,
  encoded,
  partSeconds,
  folder,
}: SimilarityOptions): Promise<Similarity> {
  const log = join(folder, 'ssim.log');
  // By their numbers: what an edit list or a list of files adds to the times is no difference of pictures.
  const numbered = `settb=1/${FPS},setpts=N`;
  const reference = `[1:v]${numbered},scale=-2:720,setsar=1,format=yuv420p[r]`;
  const graph = `${reference};[0:v]${numbered}[e];[e][r]ssim=stats_file=${log}`;
  await mediaTool('ffmpeg', ['-v', 'error', '-i', encoded, '-i', source, '-lavfi', graph, '-f', 'null', '-']);
  const frames = (await readFile(log, 'utf8')).split('\n').flatMap((line) => {
    const value = /All:([\d.]+)/.exec(line)?.[1];
    return value === undefined ? [] : [Number(value)];
  });
  await rm(log);
  const perPart = partSeconds * FPS;
  const parts = Array.from({ length: Math.ceil(frames.length / perPart) }, (_, part) =>
    meanOf(frames.slice(part * perPart, (part + 1) * perPart)),
  );
  const mean = meanOf(frames);
  const { size } = await stat(encoded);
  return {
    mean,
    worstPart: Math.min(...parts),
    spread: Math.sqrt(meanOf(parts.map((part) => (part - meanOf(parts)) ** 2))),
    seams: meanOf(frames.filter((_, i) => i >= perPart / 2 && isBesideSeam(i, perPart))),
    kbps: (size * 8 * FPS) / frames.length / 1000,
  };
}

function isBesideSeam(frame: number, perPart: number): boolean {
  const behind = frame % perPart;
  return Math.min(behind, perPart - 1 - behind) < FRAMES_BESIDE_SEAM;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
