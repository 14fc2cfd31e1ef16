import type { FeedFile } from '@clipmesh/contracts';
import type { ScaleSettings, VideoSettings } from '@clipmesh/pipeline';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Settings under which all feeds get pictures of one size: where the camera was set anew inside the ranges, that of the first
 * one's, into which the others are fitted with bars.
 */
export function commonScale(settings: VideoSettings, files: readonly FeedFile[]): VideoSettings {
  const [first] = files;
  if (first === undefined || files.length === 1) {
    return settings;
  }
  return { ...settings, scale: { mode: 'Pad', ...sizeOf(settings.scale, first.feed) } };
}

function sizeOf(scale: ScaleSettings | undefined, source: Size): Size {
  const aspect = source.width / source.height;
  if (scale === undefined) {
    return { width: source.width, height: source.height };
  }
  const { mode, width, height } = scale;
  if (width !== undefined && height !== undefined) {
    if (mode !== 'PreserveAspectRatio') {
      return { width, height };
    }
    const fitted = Math.min(width / source.width, height / source.height);
    return { width: Math.round(source.width * fitted), height: Math.round(source.height * fitted) };
  }
  return width === undefined
    ? { width: Math.round((height ?? source.height) * aspect), height: height ?? source.height }
    : { width, height: Math.round(width / aspect) };
}
