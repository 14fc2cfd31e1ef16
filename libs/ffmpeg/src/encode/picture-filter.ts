import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import type { PictureTimes } from './picture-times';
import type { TickWindow } from './tick-window';

/** The filter chain from the decoded track to the encoder: whole frames, cut, times, square pixels, size, 8-bit 4:2:0. */
export function pictureFilter(
  { scale }: Pick<VideoSettings, 'scale'>,
  { from, to, timescale }: TickWindow,
  times: PictureTimes,
): string {
  return [
    // Interlaced frames only. It halves the tick; the track's own comes back, so that what follows are its ticks.
    'bwdif=mode=send_frame:deint=interlaced',
    ...trimFilters({ from, to, timescale }),
    ...(times.timescale === timescale ? [] : [`settb=1/${times.timescale}`]),
    ...gridFilters(times),
    ...(scale === undefined ? ['scale=trunc(iw/2)*2:trunc(ih/2)*2'] : scaleFilters(scale)),
    'format=yuv420p',
  ].join(',');
}

/** Whole frames of the window, counted from its start in its own ticks. */
export function trimFilters({ from, to, timescale }: TickWindow): string[] {
  return [`settb=1/${timescale}`, `trim=start_pts=${from}:end_pts=${to}`, `setpts=PTS-${from}`];
}

/**
 * Each frame of the grid shows the last picture at or before its instant, as a player would. The last picture is held for as
 * long as the grid goes on: it is the grid that says how many frames there are.
 */
function gridFilters({ grid }: PictureTimes): string[] {
  if (grid === undefined) {
    return [];
  }
  const { rate, startTicks, frameCount } = grid;
  return [
    `setpts=PTS-${startTicks}`,
    `fps=fps=${rate.numerator}/${rate.denominator}:round=up:start_time=0`,
    'tpad=stop=-1:stop_mode=clone',
    `trim=end_frame=${frameCount}`,
  ];
}

/** 4:2:0 has no odd sizes: they are taken down by one. */
const even = (size: number): number => Math.max(size - (size % 2), 2);

/** Pixels as wide as high, before sizes are compared. */
const SQUARE_PIXELS = 'scale=trunc(iw*sar/2)*2:trunc(ih/2)*2';

function scaleFilters(scale: ScaleSettings): string[] {
  // Rounding to even sizes would otherwise be told as pixels that are not quite square.
  return [...sizeFilters(scale), 'setsar=1'];
}

function sizeFilters({ mode, width, height }: ScaleSettings): string[] {
  if (width === undefined || height === undefined) {
    // The other dimension follows; -2 keeps it even.
    const sides = `${width === undefined ? -2 : even(width)}:${height === undefined ? -2 : even(height)}`;
    return [SQUARE_PIXELS, `scale=${sides}`];
  }
  const size = `${even(width)}:${even(height)}`;
  const fitted = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  switch (mode) {
    case 'Stretch':
      return [`scale=${size}`];
    case 'PreserveAspectRatio':
      return [SQUARE_PIXELS, fitted];
    case 'Pad':
      return [SQUARE_PIXELS, fitted, `pad=${size}:(ow-iw)/2:(oh-ih)/2`];
  }
}
