/** Whole rates whose television kin is slower by 1000/1001. */
const TELEVISION_RATES = [24, 30, 48, 60, 120, 240];

/** A frame rate as ffmpeg takes it, exactly: who writes 29.97 means 30000/1001. */
export function exactFrameRate(framesPerSecond: number): string {
  const kin = TELEVISION_RATES.find((rate) => Math.abs(framesPerSecond - (rate * 1000) / 1001) < 0.005);
  return kin === undefined ? String(framesPerSecond) : `${kin * 1000}/1001`;
}
