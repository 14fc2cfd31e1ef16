import type { ByteReader } from '../bytes/byte-reader';
import { childBoxes, required } from './box';
import { readIsSelfContained } from './dinf';
import { readElst, type Edit } from './elst';
import { readHdlr } from './hdlr';
import { readMdhd, type Mdhd } from './mdhd';
import { readTkhd, type Tkhd } from './tkhd';

/** Track (ISO/IEC 14496-12 §8.3.1), in moov. Its sample table is left unread: only chosen tracks need it. */
export interface Trak {
  readonly tkhd: Tkhd;
  readonly edits: readonly Edit[];
  readonly mdhd: Mdhd;
  readonly handlerType: string;
  /** Whether the samples lie in this object and not in another file. */
  readonly isSelfContained: boolean;
  /** Body of the stbl box. */
  readonly stbl: ByteReader;
}

interface Found {
  tkhd?: Tkhd;
  edits?: readonly Edit[];
  mdhd?: Mdhd;
  handlerType?: string;
  isSelfContained?: boolean;
  stbl?: ByteReader;
}

export function readTrak(body: ByteReader): Trak {
  const found: Found = {};
  for (const box of childBoxes(body)) {
    if (box.type === 'tkhd') {
      found.tkhd = readTkhd(box.body);
    } else if (box.type === 'edts') {
      readEdts(box.body, found);
    } else if (box.type === 'mdia') {
      readMdia(box.body, found);
    }
  }
  return {
    tkhd: required(found.tkhd, 'trak', 'tkhd'),
    edits: found.edits ?? [],
    mdhd: required(found.mdhd, 'trak', 'mdhd'),
    handlerType: required(found.handlerType, 'trak', 'hdlr'),
    isSelfContained: found.isSelfContained ?? true,
    stbl: required(found.stbl, 'trak', 'stbl'),
  };
}

function readEdts(body: ByteReader, found: Found): void {
  for (const box of childBoxes(body)) {
    if (box.type === 'elst') {
      found.edits = readElst(box.body);
    }
  }
}

function readMdia(body: ByteReader, found: Found): void {
  for (const box of childBoxes(body)) {
    if (box.type === 'mdhd') {
      found.mdhd = readMdhd(box.body);
    } else if (box.type === 'hdlr') {
      found.handlerType = readHdlr(box.body).handlerType;
    } else if (box.type === 'minf') {
      readMinf(box.body, found);
    }
  }
}

function readMinf(body: ByteReader, found: Found): void {
  for (const box of childBoxes(body)) {
    if (box.type === 'stbl') {
      found.stbl = box.body;
    } else if (box.type === 'dinf') {
      found.isSelfContained = readIsSelfContained(box.body);
    }
  }
}
