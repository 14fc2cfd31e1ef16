import { ExportError } from '@clipmesh/errors';
import { differencesOfTrack } from './differences-of-track';
import { MdatMap } from './mdat-map';
import type { Movie, MovieLayout } from './movie';
import { StoredHeader, type ReadStored, type StoredBox } from './stored-header';
import { readStoredMovie } from './stored-movie';

const MOST_REPORTED = 20;

/**
 * Reads the first `layout.headerBytes` bytes of a finished file as any player would, and holds them against
 * the movie: where every sample lies and how large it is, all times, the edit lists. Throws `OutputInvalid`.
 * The tables are walked through small windows, in step with the movie's runs: a day is never in memory.
 */
export async function verifyLaidOutHeader(
  read: ReadStored,
  movie: Movie,
  layout: MovieLayout,
): Promise<void> {
  const differences = await describeDifferences(read, movie, layout);
  const [first] = differences;
  if (first !== undefined) {
    throw new ExportError('OutputInvalid', {
      message: `the file is not the one that was planned: ${first}`,
      details: { differences },
    });
  }
}

/** What differs between a file's header and the movie it was made of, in words; nothing when all is well. */
export async function describeDifferences(
  read: ReadStored,
  movie: Movie,
  layout: MovieLayout,
): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    for await (const difference of differences(new StoredHeader(read, layout.headerBytes), movie, layout)) {
      found.push(difference);
      if (found.length === MOST_REPORTED) {
        break;
      }
    }
  } catch (thrown) {
    // A header that cannot be read is a difference too; a defect of ours is not.
    if (!(thrown instanceof ExportError && (thrown.kind === 'corrupt' || thrown.kind === 'unsupported'))) {
      throw thrown;
    }
    found.push(thrown.message);
  }
  return found;
}

async function* differences(header: StoredHeader, movie: Movie, layout: MovieLayout): AsyncGenerator<string> {
  const boxes = await topLevelBoxes(header);
  const [, moov, mdat] = boxes;
  const types = boxes.map(({ type }) => type).join(' ');
  if (types !== 'ftyp moov mdat' || moov === undefined || mdat === undefined) {
    yield `the file begins with "${types}", not with ftyp, moov and mdat`;
    return;
  }
  if (mdat.bodyOffset !== layout.headerBytes) {
    yield `the header has ${mdat.bodyOffset} bytes, planned were ${layout.headerBytes}`;
  }
  if (mdat.end !== layout.sizeBytes) {
    yield `mdat ends at byte ${mdat.end}, the file at ${layout.sizeBytes}`;
  }
  const { mvhd, tracks } = await readStoredMovie(header, moov);
  if (tracks.length !== movie.tracks.length) {
    yield `there are ${tracks.length} tracks, planned were ${movie.tracks.length}`;
    return;
  }
  const map = new MdatMap(movie.ranges);
  for (const [i, track] of movie.tracks.entries()) {
    const trak = tracks[i];
    if (trak !== undefined) {
      const found = { trak, mvhd, map, headerBytes: layout.headerBytes };
      for await (const difference of differencesOfTrack(found, track)) {
        yield `track ${i + 1} (${track.kind}): ${difference}`;
      }
    }
  }
}

/** Up to the media: mdat's payload is elsewhere. */
async function topLevelBoxes(header: StoredHeader): Promise<readonly StoredBox[]> {
  const boxes: StoredBox[] = [];
  for (let at = 0; at < header.sizeBytes && boxes.at(-1)?.type !== 'mdat';) {
    const box = await header.boxAt(at, header.sizeBytes);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}
