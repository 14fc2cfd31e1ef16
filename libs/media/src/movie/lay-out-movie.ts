import { ExportError } from '@clipmesh/errors';
import { BoxWriter, MAX_U32 } from '../bytes/box-writer';
import { MdatMap, SampleFinder } from './mdat-map';
import type { MediaRange, Movie, MovieLayout, MovieTrack, Span } from './movie';
import { chooseMovieTimescale, editsOf, movieSeconds, sumOfEdits } from './movie-clock';
import { writeMovieHeader, type MovieHeader, type TrackHeader } from './movie-header';
import { TrackPass } from './track-pass';
import { TrackTables, type ChunkBase } from './track-tables';

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
 *     mdat                      §8.1.1   64-bit size when needed; its payload is ranges of other objects,
 *                                      and parameter sets before sync samples where the codec changes
 *
 * Clauses are those of ISO/IEC 14496-12. The bytes follow from the movie alone: no clock, no version.
 * Chunk offsets count from the file's first byte, so the header is measured before it is written: a first pass over the
 * samples counts what the tables will hold, a second writes them to their places. So a day of samples is in memory once.
 */
export function layOutMovie(movie: Movie): MovieLayout {
  const map = new MdatMap(movie.ranges);
  const header = describeHeader(movie, map);
  const bytes = writeHeader(header, map);
  return {
    sizeBytes: bytes.length + map.payloadBytes,
    headerBytes: bytes.length,
    spans: [{ kind: 'inline', bytes }, ...movie.ranges.map(spanOf).filter(isNotEmpty)],
  };
}

function spanOf(range: MediaRange): Span {
  return 'inline' in range
    ? { kind: 'inline', bytes: range.inline }
    : { kind: 'object', object: range.object, offset: range.offset, length: range.length };
}

function isNotEmpty(span: Span): boolean {
  return (span.kind === 'inline' ? span.bytes.length : span.length) > 0;
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
  const tables = new TrackTables();
  const sums = new TrackPass(tables, new SampleFinder(map)).over(track.runs);
  if (sums.sampleCount === 0) {
    throw new ExportError('InternalError', { message: `the movie's ${track.kind} track has no samples` });
  }
  const edits = editsOf(track, movieTimescale);
  return { description: track, edits, duration: sumOfEdits(edits), tables, sums };
}

/** iso4 for signed composition offsets (§8.6.1.3), avc1 for H.264; H.265 needs no brand of its own. */
function brandsFor(tracks: readonly TrackHeader[]): readonly string[] {
  const isSigned = tracks.some(({ sums }) => sums.leastCompositionOffset < 0);
  const isAvc = tracks.some(({ description }) => description.codec.startsWith('avc'));
  return ['isom', 'iso2', ...(isSigned ? ['iso4'] : []), ...(isAvc ? ['avc1'] : []), 'mp41'];
}

function writeHeader(header: MovieHeader, map: MdatMap): Uint8Array {
  const furthest = Math.max(...header.tracks.map(({ sums }) => sums.furthestChunk));
  const placeChunks = (base: ChunkBase): void => {
    for (const { tables, sums } of header.tracks) {
      tables.placeChunks(sums.chunkCount, base);
    }
  };
  const measure = (isWide: boolean): number => {
    placeChunks({ offset: 0, isWide });
    return BoxWriter.measure((w) => {
      writeMovieHeader(w, header, isWide);
    });
  };
  const narrowBytes = measure(false);
  const isWide = narrowBytes + furthest > MAX_U32;
  const sizeBytes = isWide ? measure(true) : narrowBytes;
  placeChunks({ offset: sizeBytes, isWide });
  const bytes = BoxWriter.fill(sizeBytes, (w) => {
    writeMovieHeader(w, header, isWide);
  });
  for (const { tables, description } of header.tracks) {
    new TrackPass(tables, new SampleFinder(map)).over(description.runs);
    tables.expectFull();
  }
  return bytes;
}
