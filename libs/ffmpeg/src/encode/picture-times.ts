import type { ExactFrameRate } from '@clipmesh/pipeline';

/** When the frames of a part are shown. The same for all parts of a movie but for the grid's start and count. */
export interface PictureTimes {
  /** Ticks a second in which frames are placed. */
  readonly timescale: number;
  /** Ticks a second of the encoded track. */
  readonly videoTimescale: number;
  /** Only with a frame rate; otherwise frames keep their own times. */
  readonly grid?: FrameGrid;
}

export interface FrameGrid {
  readonly rate: ExactFrameRate;
  /** How long after the window's start the part's first frame of the grid is, in ticks of `timescale`. */
  readonly startTicks: number;
  readonly frameCount: number;
}
