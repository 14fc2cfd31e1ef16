import { corruptBox } from '../bytes/box-error';
import { MAX_U32, type BoxWriter } from '../bytes/box-writer';
import type { ByteReader } from '../bytes/byte-reader';
import { readFullBox } from './box';

/** One entry of an edit list: a stretch of the track's presentation. */
export interface Edit {
  /** In the movie's timescale; 0 in a fragmented file means "to the end". */
  readonly segmentDuration: number;
  /** In the track's timescale; {@link EMPTY_EDIT} where nothing is shown. */
  readonly mediaTime: number;
}

export const EMPTY_EDIT = -1;

// Recorders write one or two. Objects are made of the entries, so a hostile million is refused.
const MOST_EDITS = 4096;

/** Edit list (ISO/IEC 14496-12 §8.6.6), at most once, in edts of a trak. */
export function readElst(body: ByteReader): readonly Edit[] {
  const { version } = readFullBox(body, 1);
  const count = body.u32();
  body.expectRoomFor(count, version === 1 ? 20 : 12);
  if (count > MOST_EDITS) {
    throw corruptBox('elst', `has ${count} entries, at most ${MOST_EDITS} are taken`);
  }
  const edits: Edit[] = [];
  for (let i = 0; i < count; i++) {
    const segmentDuration = version === 1 ? body.u64() : body.u32();
    const mediaTime = version === 1 ? body.i64() : body.i32();
    body.skip(4); // media_rate
    edits.push({ segmentDuration, mediaTime });
  }
  body.expectEnd();
  return edits;
}

export function writeElst(w: BoxWriter, edits: readonly Edit[]): void {
  const wide = edits.some((edit) => edit.segmentDuration > MAX_U32 || edit.mediaTime > 0x7fff_ffff);
  w.fullBox('elst', wide ? 1 : 0, 0, () => {
    w.u32(edits.length);
    for (const edit of edits) {
      if (wide) {
        w.u64(edit.segmentDuration);
        w.i64(edit.mediaTime);
      } else {
        w.u32(edit.segmentDuration);
        w.u32(edit.mediaTime);
      }
      w.u32(0x10000); // media_rate 1.0
    }
  });
}
