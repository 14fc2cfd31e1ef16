import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import { exactFrameRate } from './frame-rate';
import type { TickWindow } from './tick-window';

/** The filter chain from the decoded track to the encoder: cut, grid, square pixels, size, 8-bit 4:2:0. */
export function videoFilter({ frameRate, scale }: VideoSettings, { from, to }: TickWindow): string {
  return [
    // The time base of the chain is the track's own, so that these are its ticks.
    `trim=start_pts=${from}:end_pts=${to}`,
    `setpts=PTS-${from}`,
    ...(frameRate === undefined ? [] : [`fps=fps=${exactFrameRate(frameRate)}:start_time=0`]),
    ...(scale === undefined ? ['scale=trunc(iw/2)*2:trunc(ih/2)*2'] : scaleFilters(scale)),
    'format=yuv420p',
  ].join(',');
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
