import { writeCo64 } from '../box/co64';
import { writeCtts } from '../box/ctts';
import { writeDinf } from '../box/dinf';
import { writeElst, type Edit } from '../box/elst';
import { writeFtyp } from '../box/ftyp';
import { writeHdlr } from '../box/hdlr';
import { writeMdatHeader } from '../box/mdat';
import { writeMdhd } from '../box/mdhd';
import { writeMvhd } from '../box/mvhd';
import { writeSmhd } from '../box/smhd';
import { writeStco } from '../box/stco';
import { writeStsc } from '../box/stsc';
import { writeStsd } from '../box/stsd';
import { writeStss } from '../box/stss';
import { writeStsz } from '../box/stsz';
import { writeStts } from '../box/stts';
import { writeTkhd } from '../box/tkhd';
import { writeTitle } from '../box/udta';
import { writeVmhd } from '../box/vmhd';
import type { BoxWriter } from '../bytes/box-writer';
import type { MovieTrack } from './movie';
import type { TrackSums, TrackTables } from './track-tables';

/** All that the boxes before the media say. */
export interface MovieHeader {
  readonly brands: readonly string[];
  /** Seconds since 1904. */
  readonly time: number;
  readonly timescale: number;
  readonly tracks: readonly TrackHeader[];
  readonly payloadBytes: number;
  readonly title: string | undefined;
}

export interface TrackHeader {
  readonly description: MovieTrack;
  readonly edits: readonly Edit[];
  /** Of the edits together, in the movie's timescale. */
  readonly duration: number;
  readonly tables: TrackTables;
  readonly sums: TrackSums;
}

/** The functions below have the shape of the file; `layOutMovie` draws it. `isWide` says that chunks need 64 bits. */
export function writeMovieHeader(w: BoxWriter, header: MovieHeader, isWide: boolean): void {
  writeFtyp(w, { majorBrand: 'isom', minorVersion: 512, compatibleBrands: header.brands });
  w.box('moov', () => {
    writeMvhd(w, {
      creationTime: header.time,
      modificationTime: header.time,
      timescale: header.timescale,
      duration: Math.max(...header.tracks.map((track) => track.duration)),
      nextTrackId: header.tracks.length + 1,
    });
    header.tracks.forEach((track, i) => {
      w.box('trak', () => {
        writeTrak(w, header, track, i + 1, isWide);
      });
    });
    if (header.title !== undefined) {
      writeTitle(w, header.title);
    }
  });
  writeMdatHeader(w, header.payloadBytes);
}

function writeTrak(
  w: BoxWriter,
  header: MovieHeader,
  track: TrackHeader,
  trackId: number,
  isWide: boolean,
): void {
  const { description, edits, duration, sums } = track;
  const times = { creationTime: header.time, modificationTime: header.time };
  writeTkhd(w, {
    ...times,
    trackId,
    duration,
    volume: description.kind === 'audio' ? 0x100 : 0,
    matrix: description.matrix,
    width: description.width * 65_536,
    height: description.height * 65_536,
  });
  w.box('edts', () => {
    writeElst(w, edits);
  });
  w.box('mdia', () => {
    const { timescale, language } = description;
    writeMdhd(w, { ...times, timescale, duration: sums.duration, language });
    const isVideo = description.kind === 'video';
    writeHdlr(w, isVideo ? VIDEO_HANDLER : SOUND_HANDLER);
    w.box('minf', () => {
      (isVideo ? writeVmhd : writeSmhd)(w);
      writeDinf(w);
      w.box('stbl', () => {
        writeStbl(w, track, isWide);
      });
    });
  });
}

const VIDEO_HANDLER = { handlerType: 'vide', name: 'VideoHandler' };
const SOUND_HANDLER = { handlerType: 'soun', name: 'SoundHandler' };

function writeStbl(w: BoxWriter, { description, tables, sums }: TrackHeader, isWide: boolean): void {
  writeStsd(w, [description.sampleEntry]);
  writeStts(w, tables.durations);
  if (sums.leastCompositionOffset < 0 || sums.greatestCompositionOffset > 0) {
    writeCtts(w, tables.compositionOffsets, sums.leastCompositionOffset < 0);
  }
  if (tables.syncNumbers.length < sums.sampleCount) {
    writeStss(w, tables.syncNumbers);
  }
  writeStsc(w, tables.chunkSizes);
  writeStsz(w, tables.sizes);
  (isWide ? writeCo64 : writeStco)(w, tables.chunkOffsets);
}
