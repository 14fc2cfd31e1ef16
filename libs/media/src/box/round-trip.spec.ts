import { BoxWriter } from '../bytes/box-writer';
import { ByteReader } from '../bytes/byte-reader';
import { refusalOf } from '../fixture/refusal';
import { openBox } from './box';
import { readCo64, writeCo64 } from './co64';
import { readCtts, writeCtts } from './ctts';
import { readElst, writeElst } from './elst';
import { readFtyp, writeFtyp } from './ftyp';
import { readHdlr, writeHdlr } from './hdlr';
import { UNITY_MATRIX } from './matrix';
import { readMdhd, writeMdhd } from './mdhd';
import { readMfhd, writeMfhd } from './mfhd';
import { readMvhd, writeMvhd } from './mvhd';
import { readStco, writeStco } from './stco';
import { readStsc, writeStsc } from './stsc';
import { readStsd, writeStsd } from './stsd';
import { readStss, writeStss } from './stss';
import { readStsz, writeStsz } from './stsz';
import { readStts, writeStts } from './stts';
import { readTfdt, writeTfdt } from './tfdt';
import { readTfhd, writeTfhd } from './tfhd';
import { readTkhd, writeTkhd } from './tkhd';
import { readTrex, writeTrex } from './trex';
import { readTrun, writeTrun } from './trun';

interface Case {
  readonly type: string;
  readonly what: string;
  readonly value: unknown;
  readonly write: (w: BoxWriter) => void;
  readonly read: (body: ByteReader) => unknown;
  /** The box does not know its own end: hdlr's name and stsd's entries. */
  readonly isOpenEnded?: boolean;
}

function boxCase<T>(
  type: string,
  what: string,
  value: T,
  write: (w: BoxWriter, value: T) => void,
  read: (body: ByteReader) => unknown,
  isOpenEnded = false,
): Case {
  return {
    type,
    what,
    value,
    write: (w) => {
      write(w, value);
    },
    read,
    isOpenEnded,
  };
}

const words = (...values: number[]): Uint32Array => Uint32Array.from(values);
const times = { creationTime: 3_600_000_000, modificationTime: 3_600_000_001 };
const tkhd = { ...times, trackId: 2, volume: 0x100, matrix: [0, 65_536, 0, -65_536, 0, 0, 0, 0, 0x40000000] };
const late = 5_000_000_000;
const entry = Uint8Array.from([0, 0, 0, 20, ...Buffer.from('test'), 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9]);

const CASES: readonly Case[] = [
  boxCase(
    'ftyp',
    'brands',
    { majorBrand: 'isom', minorVersion: 512, compatibleBrands: ['iso2', 'avc1'] },
    writeFtyp,
    readFtyp,
    true,
  ),
  boxCase(
    'mvhd',
    'version 0',
    { ...times, timescale: 1000, duration: 5, nextTrackId: 3 },
    writeMvhd,
    readMvhd,
  ),
  boxCase(
    'mvhd',
    'version 1',
    { ...times, timescale: 1000, duration: late, nextTrackId: 3 },
    writeMvhd,
    readMvhd,
  ),
  boxCase(
    'tkhd',
    'version 0, rotated',
    { ...tkhd, duration: 7, width: 20_971_520, height: 15_728_640 },
    writeTkhd,
    readTkhd,
  ),
  boxCase(
    'tkhd',
    'version 1',
    { ...tkhd, duration: late, width: 0, height: 0, matrix: UNITY_MATRIX },
    writeTkhd,
    readTkhd,
  ),
  boxCase(
    'elst',
    'version 0 with an empty edit',
    [
      { segmentDuration: 40, mediaTime: -1 },
      { segmentDuration: 5, mediaTime: 1024 },
    ],
    writeElst,
    readElst,
  ),
  boxCase(
    'elst',
    'version 1 for a long duration',
    [{ segmentDuration: late, mediaTime: -1 }],
    writeElst,
    readElst,
  ),
  boxCase(
    'elst',
    'version 1 for a late media time',
    [{ segmentDuration: 1, mediaTime: 3_000_000_000 }],
    writeElst,
    readElst,
  ),
  boxCase(
    'mdhd',
    'version 0',
    { ...times, timescale: 90_000, duration: 1, language: 'deu' },
    writeMdhd,
    readMdhd,
  ),
  boxCase(
    'mdhd',
    'version 1',
    { ...times, timescale: 90_000, duration: late, language: 'und' },
    writeMdhd,
    readMdhd,
  ),
  boxCase('hdlr', 'a name', { handlerType: 'vide', name: 'Kamera Süd' }, writeHdlr, readHdlr, true),
  boxCase('stsd', 'an opaque entry', [entry], writeStsd, readStsd, true),
  boxCase(
    'stts',
    'runs',
    words(3, 512, 1, 4_294_967_295),
    (w, v) => {
      writeStts(w, v);
    },
    readStts,
  ),
  boxCase(
    'ctts',
    'version 0',
    words(1, 1024, 2, 0),
    (w, v) => {
      writeCtts(w, v, false);
    },
    readCtts,
  ),
  boxCase(
    'ctts',
    'version 1',
    words(1, 0xffff_fe00),
    (w, v) => {
      writeCtts(w, v, true);
    },
    readCtts,
  ),
  boxCase(
    'stss',
    'numbers',
    words(1, 51),
    (w, v) => {
      writeStss(w, v);
    },
    readStss,
  ),
  boxCase(
    'stsc',
    'triples',
    words(1, 4, 1, 3, 2, 1),
    (w, v) => {
      writeStsc(w, v);
    },
    readStsc,
  ),
  boxCase(
    'stsz',
    'sizes',
    { count: 3, sizes: words(7, 0, 4_000_000_000) },
    (w, v) => {
      writeStsz(w, v.sizes);
    },
    readStsz,
  ),
  boxCase(
    'stco',
    'offsets',
    Float64Array.of(40, 4_294_967_295),
    (w, v) => {
      writeStco(w, Uint32Array.from(v));
    },
    readStco,
  ),
  boxCase(
    'co64',
    'offsets beyond 32 bits',
    Float64Array.of(40, 2 ** 52 + 1),
    (w, v) => {
      writeCo64(
        w,
        Uint32Array.from([...v].flatMap((offset) => [Math.floor(offset / 2 ** 32), offset % 2 ** 32])),
      );
    },
    readCo64,
  ),
  boxCase(
    'trex',
    'defaults',
    { trackId: 1, descriptionIndex: 1, duration: 512, size: 9, flags: 0x1010000 },
    writeTrex,
    readTrex,
  ),
  boxCase('mfhd', 'a number', 77, writeMfhd, readMfhd),
  boxCase('tfhd', 'nothing optional', { trackId: 1, defaultBaseIsMoof: true }, writeTfhd, readTfhd),
  boxCase(
    'tfhd',
    'everything optional',
    {
      trackId: 1,
      defaultBaseIsMoof: false,
      baseDataOffset: late,
      descriptionIndex: 2,
      duration: 3,
      size: 4,
      flags: 5,
    },
    writeTfhd,
    readTfhd,
  ),
  boxCase(
    'tfdt',
    'version 0',
    4_000_000_000n,
    (w, v) => {
      writeTfdt(w, v, 0);
    },
    readTfdt,
  ),
  boxCase('tfdt', 'version 1 beyond 2^53', 17_000_000_000_000_001n, writeTfdt, readTfdt),
  boxCase('trun', 'nothing optional', { count: 0 }, writeTrun, readTrun),
  boxCase(
    'trun',
    'everything, unsigned offsets',
    {
      count: 2,
      dataOffset: -8,
      firstSampleFlags: 0,
      durations: words(1, 2),
      sizes: words(3, 4),
      flags: words(5, 6),
      compositionOffsets: Int32Array.of(0, 512),
    },
    writeTrun,
    readTrun,
  ),
  boxCase(
    'trun',
    'signed offsets',
    { count: 2, compositionOffsets: Int32Array.of(-512, 512) },
    writeTrun,
    readTrun,
  ),
];

describe.each(CASES)('$type: $what', ({ type, value, write, read, isOpenEnded }) => {
  const bytes = BoxWriter.toBytes(write);
  const body = bytes.subarray(8);

  it('reads what it writes', () => {
    expect(read(openBox(bytes, type))).toEqual(value);
  });

  it('refuses a body that is cut short, by name', () => {
    for (let length = 0; length < (isOpenEnded ? 8 : body.length); length++) {
      const refusal = refusalOf(() => read(new ByteReader(body.subarray(0, length), type)));
      expect(refusal.code).toBe('SegmentCorrupt');
      expect(refusal.message).toContain(type);
    }
  });

  it('refuses bytes behind its fields, by name', () => {
    const padded = new ByteReader(Uint8Array.of(...body, 0), type);
    if (type === 'hdlr' || type === 'stsd') {
      expect(() => read(padded)).not.toThrow();
    } else {
      expect(refusalOf(() => read(padded)).code).toBe('SegmentCorrupt');
    }
  });
});
