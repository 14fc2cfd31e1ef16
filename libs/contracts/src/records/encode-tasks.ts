import type { EncoderSettings } from '@clipmesh/pipeline';
import { listFiles } from './files';
import type { PlannedFile, PlannedMovie } from './job-record';

/** All sound of a movie is one task, so that no seam is heard. */
export const SOUND_TASK = 'sound';
/** And so are pictures that are only copied. */
export const COPY_TASK = 'pictures';

/** The encode tasks of a planned job; the longest first. Parts are numbered over all feeds. */
export function encodeTasks(planned: PlannedMovie, { video, audio }: EncoderSettings): readonly string[] {
  const feeds = listFiles<PlannedFile>(planned).flatMap(({ feed }) => feed ?? []);
  const hasSound = audio !== 'none' && feeds.some(({ soundCodec }) => soundCodec !== undefined);
  const isCopied = video === 'copy' && feeds.some((feed) => feed.hasVideo);
  const parts = video === 'copy' ? 0 : feeds.reduce((sum, feed) => sum + (feed.hasVideo ? feed.parts : 0), 0);
  return [
    ...(hasSound ? [SOUND_TASK] : []),
    ...(isCopied ? [COPY_TASK] : []),
    ...Array.from({ length: parts }, (_, part) => String(part)),
  ];
}

/** Which window of which feed a part is; numbers count from 0. */
export function placeOfPart(
  planned: PlannedMovie,
  part: number,
): { readonly feed: number; readonly window: number } {
  let window = part;
  const feeds = listFiles<PlannedFile>(planned);
  const feed = feeds.findIndex(({ feed: facts }) => {
    const parts = facts?.parts ?? 0;
    if (window < parts) {
      return true;
    }
    window -= parts;
    return false;
  });
  return { feed, window };
}
