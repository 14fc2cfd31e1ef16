import { ExportError } from '@clipmesh/errors';
import { BoxWriter, MAX_U32 } from '../bytes/box-writer';
import { MdatMap, SampleFinder } from './mdat-map';
import type { Movie, MovieLayout, MovieTrack, Span } from './movie';
import { chooseMovieTimescale, editsOf, movieSeconds, sumOfEdits } from './movie-clock';
import { writeMovieHeader, type MovieHeader, type TrackHeader } from './movie-header';
import { TrackTables } from './track-tables';

/**
 * Turns a movie into the bytes and spans of one progressive MP4 that can be played while it is fetched.
 *
 *     ftyp                      §4.3     isom, and what else the tracks call for
 *     moov                      §8.2.1
 *       mvhd                    §8.2.2   version 1 where a number passes 32 bits; so tkhd, mdhd, elst
 *       trak                    §8.3.1   video first
 *         tkhd                  §8.3.2   the source's size and matrix
 *         edts/elst             §8.6.6   one entry: what a player shows (an empty one before late sound)
 *         mdia                  §8.4.1
 *           mdhd                §8.4.2   the track's timescale
 *           hdlr                §8.4.3
 *           minf                §8.4.4
 *             vmhd | smhd       §12.1.2, §12.2.2
 *             dinf/dref         §8.7.1   in this file
 *             stbl              §8.5.1
 *               stsd            §8.5.2   the source's sample entry, one for the whole track
 *               stts            §8.6.1.2
 *               ctts            §8.6.1.3 unless all are 0; version 1 when one is negative
 *               stss            §8.6.2   unless every sample is one
 *               stsc            §8.7.4
 *               stsz            §8.7.3
 *               stco | co64     §8.7.5   64 bits for all tracks when one chunk needs them
 *       udta/meta/ilst/©nam     §8.10.1  only with a title
 *     mdat                      §8.1.1   64-bit size when needed; its payload is ranges of other objects
 *
 * Clauses are those of ISO/IEC 14496-12. The bytes follow from the movie alone: no clock, no version.
 * Chunk offsets count from the file's first byte, so the header is measured before it is written.
 */
export function layOutMovie(movie: Movie): MovieLayout {
  const map = new MdatMap(movie.ranges);
  const header = describeHeader(movie, map);
  const bytes = writeHeader(header);
  const objects: Span[] = movie.ranges
    .filter((range) => range.length > 0)
    .map(({ object, offset, length }) => ({ kind: 'object', object, offset, length }));
  return {
    sizeBytes: bytes.length + map.payloadBytes,
    headerBytes: bytes.length,
    spans: [{ kind: 'inline', bytes }, ...objects],
  };
}

function describeHeader(movie: Movie, map: MdatMap): MovieHeader {
  if (movie.tracks.length === 0) {
    throw new ExportError('InternalError', { message: 'the movie has no tracks' });
  }
  const timescale = chooseMovieTimescale(movie.tracks);
  const tracks = movie.tracks.map((track) => describeTrack(track, timescale, map));
  return {
    brands: brandsFor(tracks),
    time: movieSeconds(movie.createdAt),
    timescale,
    tracks,
    payloadBytes: map.payloadBytes,
    title: movie.title,
  };
}

function describeTrack(track: MovieTrack, movieTimescale: number, map: MdatMap): TrackHeader {
  const tables = new TrackTables(new SampleFinder(map));
  for (const run of track.runs) {
    tables.addRun(run);
  }
  tables.end();
  if (tables.sampleCount === 0) {
    throw new ExportError('InternalError', { message: `the movie's ${track.kind} track has no samples` });
  }
  const edits = editsOf(track, movieTimescale);
  return { description: track, edits, duration: sumOfEdits(edits), tables };
}

/** iso4 for signed composition offsets (§8.6.1.3), avc1 for H.264; H.265 needs no brand of its own. */
function brandsFor(tracks: readonly TrackHeader[]): readonly string[] {
  const isSigned = tracks.some(({ tables }) => tables.leastCompositionOffset < 0);
  const isAvc = tracks.some(({ description }) => description.codec.startsWith('avc'));
  return ['isom', 'iso2', ...(isSigned ? ['iso4'] : []), ...(isAvc ? ['avc1'] : []), 'mp41'];
}

function writeHeader(header: MovieHeader): Uint8Array {
  const furthest = Math.max(...header.tracks.map(({ tables }) => tables.furthestChunk));
  const measure = (isWide: boolean): number =>
    BoxWriter.measure((w) => {
      writeMovieHeader(w, header, { offset: 0, isWide });
    });
  const narrowBytes = measure(false);
  const isWide = narrowBytes + furthest > MAX_U32;
  const sizeBytes = isWide ? measure(true) : narrowBytes;
  return BoxWriter.fill(sizeBytes, (w) => {
    writeMovieHeader(w, header, { offset: sizeBytes, isWide });
  });
}
