import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';
import { readAvcCodecSuffix } from './avcc';
import { childBoxes } from './box';
import { readEsdsCodecSuffix } from './esds';
import { readHevcCodecSuffix } from './hvcc';

/** What can be told from a sample entry that is otherwise carried opaquely. */
export interface SampleEntryFacts {
  /** RFC 6381 where it is known, else the entry's four characters. */
  readonly codec: string;
  /** Coded size of video, 0 for the rest. */
  readonly width: number;
  readonly height: number;
}

interface Layout {
  readonly configurationBox: string;
  readonly readSuffix: (body: ByteReader) => string;
}

const AVC: Layout = { configurationBox: 'avcC', readSuffix: readAvcCodecSuffix };
const HEVC: Layout = { configurationBox: 'hvcC', readSuffix: readHevcCodecSuffix };
const VIDEO: Readonly<Record<string, Layout>> = { avc1: AVC, avc3: AVC, hvc1: HEVC, hev1: HEVC };

/** Reads a whole sample entry box (ISO/IEC 14496-12 §8.5.2.2), which {@link readStsd} has measured. */
export function readSampleEntry(entry: Uint8Array, handlerType: string): SampleEntryFacts {
  const reader = new ByteReader(entry, 'stsd');
  reader.skip(4);
  const type = reader.fourcc();
  if (type === 'encv' || type === 'enca') {
    throw new ExportError('CodecUnsupported', {
      message: `the track is encrypted (sample entry ${type} in the stsd box)`,
      details: { box: 'stsd', sampleEntry: type },
    });
  }
  const body = new ByteReader(reader.slice(reader.remaining), type);
  body.skip(6);
  if (body.u16() !== 1) {
    throw corruptBox(type, 'refers to media in another file');
  }
  return handlerType === 'vide' ? readVisual(type, body) : readAudio(type, body);
}

/** VisualSampleEntry, §12.1.3. */
function readVisual(type: string, body: ByteReader): SampleEntryFacts {
  body.skip(16);
  const width = body.u16();
  const height = body.u16();
  body.skip(50);
  const layout = VIDEO[type];
  const codec =
    layout === undefined
      ? type
      : `${type}.${layout.readSuffix(findConfiguration(body, layout.configurationBox))}`;
  return { codec, width, height };
}

/** AudioSampleEntry, §12.2.3; QuickTime's versions 1 and 2 are longer. */
function readAudio(type: string, body: ByteReader): SampleEntryFacts {
  const version = body.u16();
  body.skip(18 + (version === 1 ? 16 : version === 2 ? 36 : 0));
  const codec =
    type === 'mp4a' && version === 0 ? `mp4a.${readEsdsCodecSuffix(findConfiguration(body, 'esds'))}` : type;
  return { codec, width: 0, height: 0 };
}

function findConfiguration(body: ByteReader, wanted: string): ByteReader {
  for (const box of childBoxes(body)) {
    if (box.type === wanted) {
      return box.body;
    }
  }
  throw corruptBox(body.box, `has no ${wanted} box`);
}
