import { BoxCollector, readObjectIndex } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

/** How long a fragment's video lasts, exactly: the sum of its samples' durations. */
export function readVideoDuration(init: Buffer, fragment: Buffer): { videoTicks: number; timescale: number } {
  const boxes = new BoxCollector();
  boxes.push(init);
  boxes.push(fragment);
  const index = readObjectIndex(boxes.finish(), init.length + fragment.length);
  const video = index.tracks.find((track) => track.kind === 'video');
  if (video === undefined) {
    throw new ExportError('CodecUnsupported', { message: 'the input has no video; a recording needs one' });
  }
  const videoTicks = video.samples.durations.reduce((sum, duration) => sum + duration, 0);
  return { videoTicks, timescale: video.timescale };
}
