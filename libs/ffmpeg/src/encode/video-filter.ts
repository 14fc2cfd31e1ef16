import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';
import type { TickWindow } from './tick-window';

/** The filter chain from the decoded track to the encoder: cut, grid, square pixels, size, 8-bit 4:2:0. */
export function videoFilter({ frameRate, scale }: VideoSettings, { from, to }: TickWindow): string {
  return [
    `trim=start_pts=${from}:end_pts=${to}`,
    `setpts=PTS-${from}`,
    ...(frameRate === undefined ? [] : [`fps=fps=${frameRate}:start_time=0`]),
    ...(scale === undefined ? ['scale=trunc(iw/2)*2:trunc(ih/2)*2'] : scaleFilters(scale)),
    'format=yuv420p',
  ].join(',');
}

/** 4:2:0 has no odd sizes: they are taken down by one. */
const even = (size: number): number => Math.max(size - (size % 2), 2);

const SQUARE_PIXELS = ['scale=trunc(iw*sar/2)*2:trunc(ih/2)*2', 'setsar=1'];

function scaleFilters({ mode, width, height }: ScaleSettings): string[] {
  if (width === undefined || height === undefined) {
    // The other dimension follows; -2 keeps it even.
    const sides = `${width === undefined ? -2 : even(width)}:${height === undefined ? -2 : even(height)}`;
    return [...SQUARE_PIXELS, `scale=${sides}`];
  }
  const size = `${even(width)}:${even(height)}`;
  const fitted = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  switch (mode) {
    case 'Stretch':
      return [`scale=${size}`, 'setsar=1'];
    case 'PreserveAspectRatio':
      return [...SQUARE_PIXELS, fitted];
    case 'Pad':
      return [...SQUARE_PIXELS, fitted, `pad=${size}:(ow-iw)/2:(oh-ih)/2`];
  }
}
