import { ExportError } from '@clipmesh/errors';
import { openBox } from '../box/box';
import { readMoov } from '../box/moov';
import { BoxCollector, type TopLevelBox } from './box-collector';
import { differencesOfTrack } from './differences-of-track';
import { MdatMap } from './mdat-map';
import { MediaData } from './media-data';
import type { Movie, MovieLayout } from './movie';

const MOST_REPORTED = 20;

/**
 * Reads the first `layout.headerBytes` bytes of a finished file as any player would, and holds them against
 * the movie: where every sample lies and how large it is, all times, the edit lists. Throws `OutputInvalid`.
 */
export function verifyLaidOutHeader(header: Uint8Array, movie: Movie, layout: MovieLayout): void {
  const differences = describeDifferences(header, movie, layout);
  const [first] = differences;
  if (first !== undefined) {
    throw new ExportError('OutputInvalid', {
      message: `the file is not the one that was planned: ${first}`,
      details: { differences },
    });
  }
}

/** What differs between a file's header and the movie it was made of, in words; nothing when all is well. */
export function describeDifferences(
  header: Uint8Array,
  movie: Movie,
  layout: MovieLayout,
): readonly string[] {
  try {
    return [...differences(header, movie, layout)].slice(0, MOST_REPORTED);
  } catch (thrown) {
    // A header that cannot be read is a difference too; a defect of ours is not.
    if (thrown instanceof ExportError && (thrown.kind === 'corrupt' || thrown.kind === 'unsupported')) {
      return [thrown.message];
    }
    throw thrown;
  }
}

function* differences(header: Uint8Array, movie: Movie, layout: MovieLayout): Generator<string> {
  const boxes = readTopLevel(header);
  const types = boxes.map(({ type }) => type).join(' ');
  const [, moov, mdat] = boxes;
  if (types !== 'ftyp moov mdat' || moov?.bytes === undefined || mdat === undefined) {
    yield `the file begins with "${types}", not with ftyp, moov and mdat`;
    return;
  }
  if (header.length !== layout.headerBytes) {
    yield `the header has ${header.length} bytes, planned were ${layout.headerBytes}`;
  }
  if (mdat.offset + mdat.sizeBytes !== layout.sizeBytes) {
    yield `mdat ends at byte ${mdat.offset + mdat.sizeBytes}, the file at ${layout.sizeBytes}`;
  }
  const { mvhd, traks } = readMoov(openBox(moov.bytes, 'moov'));
  if (traks.length !== movie.tracks.length) {
    yield `there are ${traks.length} tracks, planned were ${movie.tracks.length}`;
    return;
  }
  const media = new MediaData(boxes, layout.sizeBytes);
  const map = new MdatMap(movie.ranges);
  for (const [i, track] of movie.tracks.entries()) {
    const trak = traks[i];
    if (trak !== undefined) {
      const found = { trak, mvhd, media, map, headerBytes: layout.headerBytes, sizeBytes: layout.sizeBytes };
      for (const difference of differencesOfTrack(found, track)) {
        yield `track ${i + 1} (${track.kind}): ${difference}`;
      }
    }
  }
}

/** The collector is not asked to finish: mdat's payload is elsewhere. */
function readTopLevel(header: Uint8Array): readonly TopLevelBox[] {
  const boxes: TopLevelBox[] = [];
  const collector = new BoxCollector({ maxKeptBytes: header.length, onBox: (box) => boxes.push(box) });
  collector.push(header);
  return boxes;
}
