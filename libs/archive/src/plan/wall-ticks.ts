import { ticks, wallTime, type Ticks, type WallTime } from '@clipmesh/media';

/**
 * First tick of an object's media time that does not lie before a wall time: a sample is at or behind `at` if and only
 * if its presentation time is not smaller.
 */
export function tickAtOrAfter(at: WallTime, originMs: WallTime, timescale: number): Ticks {
  return ticks(Math.ceil(((at - originMs) * timescale) / 1000));
}

/** Wall time of a tick. Starts round down, ends up. */
export function wallOfTick(
  tick: number,
  originMs: WallTime,
  timescale: number,
  rounding: 'floor' | 'ceil',
): WallTime {
  return wallTime(originMs + Math[rounding]((tick * 1000) / timescale));
}
