import { needsEncoder, type EncoderSettings } from '@clipmesh/pipeline';
import { listFiles } from './files';
import type { JobRecord, PlannedFile, PlannedMovie } from './job-record';

/** All sound of a movie is one task, so that no seam is heard. */
export const SOUND_TASK = 'sound';
/** And so are pictures that are only copied. */
export const COPY_TASK = 'pictures';

/** Of a job without an encoder only the edges are encoded, if anything. */
const EDGES_ONLY: Pick<EncoderSettings, 'video' | 'audio'> = { video: { kind: 'h264' }, audio: 'none' };

/**
 * The encode tasks of a job; the longest first. Parts are numbered over all feeds. `undefined` when it is not planned, or goes
 * to the sink without an encoder.
 */
export function encodeTasks({
  planned,
  pipeline: { encoder },
}: Pick<JobRecord, 'planned' | 'pipeline'>): readonly string[] | undefined {
  if (planned?.feed === undefined) {
    return undefined;
  }
  const { video, audio } = needsEncoder(encoder) ? encoder : EDGES_ONLY;
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

/** Which window of which feed a part is, copied ones not counted; numbers count from 0. */
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
