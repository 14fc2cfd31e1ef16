import { ExportError } from '@clipmesh/errors';
import { corruptBox } from '../bytes/box-error';
import { ByteReader } from '../bytes/byte-reader';
import { readAv1CodecSuffix } from './av1c';
import { readAvcCodecSuffix } from './avcc';
import { childBoxes } from './box';
import { readEsdsCodecSuffix } from './esds';
import { readHevcCodecSuffix } from './hvcc';
import { readVpCodecSuffix } from './vpcc';

/** What can be told from a sample entry that is otherwise carried opaquely. */
export interface SampleEntryFacts {
  /** RFC 6381 where it is known, else the entry's four characters. */
  readonly codec: string;
  /** Coded size of video, 0 for the rest. */
  readonly width: number;
  readonly height: number;
  /** Of sound whose entry tells how it is packed. */
  readonly packing?: SoundPacking;
}

/** A frame is one value of each channel; a packet is what a codec makes of so many frames. */
export interface SoundPacking {
  readonly framesPerPacket: number;
  readonly frameBytes: number;
}

interface Layout {
  readonly configurationBox: string;
  readonly readSuffix: (body: ByteReader) => string;
  /** Whether nothing can decode the media without it. */
  readonly isNeeded?: true;
}

const AVC: Layout = { configurationBox: 'avcC', readSuffix: readAvcCodecSuffix, isNeeded: true };
const HEVC: Layout = { configurationBox: 'hvcC', readSuffix: readHevcCodecSuffix, isNeeded: true };
const VP: Layout = { configurationBox: 'vpcC', readSuffix: readVpCodecSuffix };
const VIDEO: ReadonlyMap<string, Layout> = new Map([
  ['avc1', AVC],
  ['avc3', AVC],
  ['hvc1', HEVC],
  ['hev1', HEVC],
  ['av01', { configurationBox: 'av1C', readSuffix: readAv1CodecSuffix }],
  ['vp08', VP],
  ['vp09', VP],
  ['mp4v', { configurationBox: 'esds', readSuffix: readEsdsCodecSuffix }],
]);
/** Common encryption (ISO/IEC 23001-7) and QuickTime's own protection. Without its key such media is of no use. */
const PROTECTED: ReadonlySet<string> = new Set(['encv', 'enca', 'drmi', 'drms']);
/** QuickTime's uncompressed sound, little and big endian. */
const PLAIN_PCM: ReadonlySet<string> = new Set(['sowt', 'twos']);

/**
 * Reads a whole sample entry box (ISO/IEC 14496-12 §8.5.2.2), which {@link readStsd} has measured. Any codec is taken,
 * known or not, as long as it is in the clear and in the object: samples are carried, never decoded.
 */
export function readSampleEntry(entry: Uint8Array, handlerType: string): SampleEntryFacts {
  const reader = new ByteReader(entry, 'stsd');
  reader.skip(4);
  const type = reader.fourcc();
  if (PROTECTED.has(type)) {
    throw unsupported(type, 'the track is encrypted');
  }
  const body = new ByteReader(reader.slice(reader.remaining), type);
  body.skip(6);
  if (body.u16() !== 1) {
    throw unsupported(type, 'the track has media behind a second data reference');
  }
  return handlerType === 'vide' ? readVisual(type, body) : readAudio(type, body);
}

function unsupported(sampleEntry: string, problem: string): ExportError {
  return new ExportError('CodecUnsupported', {
    message: `${problem} (sample entry ${sampleEntry} in the stsd box)`,
    details: { box: 'stsd', sampleEntry },
  });
}

/** VisualSampleEntry, §12.1.3. */
function readVisual(type: string, body: ByteReader): SampleEntryFacts {
  body.skip(16);
  const width = body.u16();
  const height = body.u16();
  body.skip(50);
  const layout = VIDEO.get(type);
  const configuration = layout && findConfiguration(body, layout.configurationBox);
  if (layout?.isNeeded === true && configuration === undefined) {
    throw corruptBox(type, `has no ${layout.configurationBox} box`);
  }
  const codec = layout && configuration ? `${type}.${layout.readSuffix(configuration)}` : type;
  return { codec, width, height };
}

/** AudioSampleEntry, §12.2.3; QuickTime's versions 1 and 2 are longer. */
function readAudio(type: string, body: ByteReader): SampleEntryFacts {
  const version = body.u16();
  body.skip(6);
  const channels = body.u16();
  const bits = body.u16();
  body.skip(8);
  const packing =
    version === 0 && PLAIN_PCM.has(type)
      ? { framesPerPacket: 1, frameBytes: channels * Math.ceil(bits / 8) }
      : readPacking(version, body);
  const codec = type === 'mp4a' && version === 0 ? `mp4a.${readMpeg4Suffix(body)}` : type;
  return { codec, width: 0, height: 0, ...(packing === undefined ? {} : { packing }) };
}

function readMpeg4Suffix(body: ByteReader): string {
  const esds = findConfiguration(body, 'esds');
  if (esds === undefined) {
    throw corruptBox(body.box, 'has no esds box');
  }
  return readEsdsCodecSuffix(esds);
}

/** What the longer entries add (QuickTime File Format, sound sample descriptions of version 1 and 2). */
function readPacking(version: number, body: ByteReader): SoundPacking | undefined {
  if (version === 1) {
    const framesPerPacket = body.u32();
    body.skip(4);
    const frameBytes = body.u32();
    body.skip(4);
    return { framesPerPacket, frameBytes };
  }
  if (version === 2) {
    body.skip(28);
    const packetBytes = body.u32();
    const framesPerPacket = body.u32();
    return { framesPerPacket, frameBytes: packetBytes };
  }
  return undefined;
}

function findConfiguration(body: ByteReader, wanted: string): ByteReader | undefined {
  for (const box of childBoxes(body)) {
    if (box.type === wanted) {
      return box.body;
    }
  }
  return undefined;
}
