import { ExportError } from '@clipmesh/errors';
import type { TopLevelBox } from './box-stream';
import { readVideoDuration } from './video-duration';

/** A `moof` with its `mdat`: one GOP, as ffmpeg is told to write them. */
export interface Fragment {
  /** `ftyp` and `moov`, the same for all fragments of a stream. */
  readonly init: Buffer;
  readonly bytes: Buffer;
  readonly videoTicks: number;
  readonly timescale: number;
}

/** Joins boxes to fragments. What is neither (`mfra`, `sidx`) describes the whole stream and is left out. */
export async function* readFragments(boxes: AsyncIterable<TopLevelBox>): AsyncGenerator<Fragment> {
  const head: Buffer[] = [];
  let moof: Buffer | undefined;
  let init: Buffer | undefined;
  for await (const { type, bytes } of boxes) {
    if (type === 'ftyp' || type === 'moov') {
      head.push(bytes);
    } else if (type === 'moof') {
      moof = bytes;
    } else if (type === 'mdat') {
      if (moof === undefined) {
        throw new ExportError('SegmentCorrupt', {
          message: 'cannot cut the recording: an mdat without a moof',
        });
      }
      init ??= Buffer.concat(head);
      const fragment = Buffer.concat([moof, bytes]);
      yield { init, bytes: fragment, ...readVideoDuration(init, fragment) };
      moof = undefined;
    }
  }
}
