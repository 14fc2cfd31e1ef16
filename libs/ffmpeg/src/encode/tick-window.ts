/** Half-open interval in ticks of one track of the input file, counted from that track's first decode time. */
export interface TickWindow {
  readonly from: number;
  readonly to: number;
  /** Ticks per second of that track. */
  readonly timescale: number;
}
