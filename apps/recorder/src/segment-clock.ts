import { wallTime, type WallTime } from '@clipmesh/media';

/** Wall time of a recording that counts in ticks: each time is rounded from the total, so that no error adds up. */
export class SegmentClock {
  private totalTicks = 0;

  constructor(
    private readonly start: WallTime,
    private readonly timescale: number,
  ) {}

  now(): WallTime {
    return wallTime(this.start + Math.round((this.totalTicks * 1000) / this.timescale));
  }

  advance(ticks: number): void {
    this.totalTicks += ticks;
  }
}
