import { greatestCommonDivisor, rescale } from '@clipmesh/media';

/** Frames a second, exactly: 30000/1001 is no decimal fraction. */
export interface FrameRate {
  readonly numerator: number;
  readonly denominator: number;
}

/** Fewer ticks a second than this make players round what they show. */
const LEAST_TIMESCALE = 10_000;
/** A timescale has 32 bits, and ffmpeg takes it as a signed number. */
const LARGEST_TIMESCALE = 2 ** 31 - 1;

/** Sound is encoded at this rate, as the contract has it. */
export const SOUND_RATE = 48_000;

/**
 * The time of an encoded movie, the same for all its parts. Without a frame rate it counts in the ticks of the first feed,
 * so that frames keep their times; with one, frames lie on one grid from the movie's first instant to its last, and each
 * shows what a player would show of the source at that instant.
 */
export class EncodeClock {
  /** Ticks a second in which parts are placed: of these, a tick of the source and a frame of the grid are whole numbers. */
  readonly timescale: number;
  /** Ticks a second of the encoded video track. */
  readonly videoTimescale: number;
  /** Of the video track; only with a frame rate. */
  private readonly frameTicks: number | undefined;

  constructor(
    sourceTimescale: number,
    readonly frameRate?: FrameRate,
  ) {
    if (frameRate === undefined) {
      this.timescale = sourceTimescale;
      this.videoTimescale = sourceTimescale;
    } else {
      this.timescale = commonTimescale(sourceTimescale, frameRate.numerator);
      const times = Math.ceil(LEAST_TIMESCALE / frameRate.numerator);
      this.videoTimescale = frameRate.numerator * times;
      this.frameTicks = frameRate.denominator * times;
    }
  }

  /** Ticks of a feed in ticks of the clock. */
  of(ticks: number, timescale: number): number {
    return rescale(ticks, timescale, this.timescale, 'round');
  }

  /** Number of the grid's first frame at or behind an instant of the clock. Only with a frame rate. */
  frameFrom(instant: number): number {
    const { numerator, denominator } = this.frameRate ?? { numerator: 1, denominator: 1 };
    return rescale(instant, denominator * this.timescale, numerator, 'ceil');
  }

  /** Instant of a frame of the grid, rounded to the clock where the two have no common tick. */
  instantOfFrame(frame: number): number {
    const { numerator, denominator } = this.frameRate ?? { numerator: 1, denominator: 1 };
    return rescale(frame * denominator, numerator, this.timescale, 'round');
  }

  /** Where on the video track the first frame at or behind an instant of the clock is shown. */
  videoTicks(instant: number): number {
    return this.frameTicks === undefined ? instant : this.frameFrom(instant) * this.frameTicks;
  }

  /** Number of the sound sample that an instant of the clock begins with. */
  soundSample(instant: number): number {
    return rescale(instant, this.timescale, SOUND_RATE, 'round');
  }
}

/** The least common multiple; the first alone where that is too large. */
function commonTimescale(a: number, b: number): number {
  const common = (a / greatestCommonDivisor(a, b)) * b;
  return common <= LARGEST_TIMESCALE ? common : a;
}
