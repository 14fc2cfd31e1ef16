import { required } from '../box/box';
import { readElst, type Edit } from '../box/elst';
import { readHdlr } from '../box/hdlr';
import { readMdhd, type Mdhd } from '../box/mdhd';
import { readMvhd, type Mvhd } from '../box/mvhd';
import { readStsd } from '../box/stsd';
import { readTkhd, type Tkhd } from '../box/tkhd';
import { corruptBox } from '../bytes/box-error';
import type { StoredBox, StoredHeader } from './stored-header';
import { StoredSamples } from './stored-samples';
import { StoredTable, type TableForm } from './stored-table';

/** A track as it stands in a stored file. */
export interface StoredTrack {
  readonly tkhd: Tkhd;
  readonly edits: readonly Edit[];
  readonly mdhd: Mdhd;
  readonly handlerType: string;
  readonly sampleEntries: readonly Uint8Array[];
  readonly samples: StoredSamples;
}

export interface StoredMovie {
  readonly mvhd: Mvhd;
  readonly tracks: readonly StoredTrack[];
}

/** What each container may hold. Only `trak` comes more than once: players differ in which of two boxes they take. */
const CHILDREN = {
  moov: ['mvhd', 'trak', 'udta'],
  trak: ['tkhd', 'edts', 'mdia'],
  edts: ['elst'],
  mdia: ['mdhd', 'hdlr', 'minf'],
  minf: ['vmhd', 'smhd', 'dinf', 'stbl'],
  stbl: ['stsd', 'stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco', 'co64'],
} as const;

type Container = keyof typeof CHILDREN;

const FORMS = {
  stts: { newestVersion: 0, entryBytes: 8 },
  ctts: { newestVersion: 1, entryBytes: 8 },
  stss: { newestVersion: 0, entryBytes: 4 },
  stsc: { newestVersion: 0, entryBytes: 12 },
  stsz: { newestVersion: 0, entryBytes: 4, bytesBeforeCount: 4 },
  stco: { newestVersion: 0, entryBytes: 4 },
  co64: { newestVersion: 0, entryBytes: 8 },
} as const satisfies Readonly<Record<string, TableForm>>;

type Boxes = ReadonlyMap<string, StoredBox>;

/** Reads a movie box as any player would; tables are only opened. */
export async function readStoredMovie(header: StoredHeader, moov: StoredBox): Promise<StoredMovie> {
  const traks: StoredBox[] = [];
  const boxes = await boxesIn(header, moov, 'moov', traks);
  const mvhd = readMvhd(await header.bodyOf(required(boxes.get('mvhd'), 'moov', 'mvhd')));
  const tracks: StoredTrack[] = [];
  for (const trak of traks) {
    tracks.push(await readTrack(header, trak));
  }
  return { mvhd, tracks };
}

async function readTrack(header: StoredHeader, box: StoredBox): Promise<StoredTrack> {
  const trak = await boxesIn(header, box, 'trak');
  const edts = trak.get('edts');
  const elst = edts && (await boxesIn(header, edts, 'edts')).get('elst');
  const mdia = await boxesIn(header, required(trak.get('mdia'), 'trak', 'mdia'), 'mdia');
  const minf = await boxesIn(header, required(mdia.get('minf'), 'mdia', 'minf'), 'minf');
  const stbl = await boxesIn(header, required(minf.get('stbl'), 'minf', 'stbl'), 'stbl');
  return {
    tkhd: readTkhd(await header.bodyOf(required(trak.get('tkhd'), 'trak', 'tkhd'))),
    edits: elst === undefined ? [] : readElst(await header.bodyOf(elst)),
    mdhd: readMdhd(await header.bodyOf(required(mdia.get('mdhd'), 'mdia', 'mdhd'))),
    handlerType: readHdlr(await header.bodyOf(required(mdia.get('hdlr'), 'mdia', 'hdlr'))).handlerType,
    sampleEntries: readStsd(await header.bodyOf(required(stbl.get('stsd'), 'stbl', 'stsd'))),
    samples: await openSamples(header, stbl),
  };
}

async function openSamples(header: StoredHeader, stbl: Boxes): Promise<StoredSamples> {
  const open = async (type: keyof typeof FORMS): Promise<StoredTable | undefined> => {
    const box = stbl.get(type);
    return box && StoredTable.open(header, box, FORMS[type]);
  };
  if (stbl.has('stco') && stbl.has('co64')) {
    throw corruptBox('stbl', 'has both stco and co64');
  }
  return new StoredSamples({
    stts: required(await open('stts'), 'stbl', 'stts'),
    ctts: await open('ctts'),
    stss: await open('stss'),
    stsc: required(await open('stsc'), 'stbl', 'stsc'),
    stsz: required(await open('stsz'), 'stbl', 'stsz'),
    chunkOffsets: required((await open('stco')) ?? (await open('co64')), 'stbl', 'stco'),
  });
}

async function boxesIn(
  header: StoredHeader,
  parent: StoredBox,
  container: Container,
  traks: StoredBox[] = [],
): Promise<Boxes> {
  const known: readonly string[] = CHILDREN[container];
  const boxes = new Map<string, StoredBox>();
  for (const child of await header.childrenOf(parent)) {
    if (!known.includes(child.type) || boxes.has(child.type)) {
      throw corruptBox(container, `has a ${child.type} box that was not planned`);
    }
    if (child.type === 'trak') {
      traks.push(child);
    } else {
      boxes.set(child.type, child);
    }
  }
  return boxes;
}
