import { ByteReader } from '../bytes/byte-reader';
import { childBoxes, type Box } from './box';

const CONTAINERS: ReadonlySet<string> = new Set(
  'moov trak edts mdia minf dinf stbl mvex moof traf udta ilst'.split(' '),
);
/** Bytes before the first box inside. */
const PREFIXED: Readonly<Record<string, number>> = { meta: 4, dref: 8, stsd: 8, '\u00a9nam': 0 };
// The deepest path that the standard has is 8; what goes deeper is hostile and printed as a leaf.
const DEEPEST = 12;

/** The tree of boxes, a line each: indented type and size. For people and for tests that compare structures. */
export function printBoxes(bytes: Uint8Array): string {
  const lines: string[] = [];
  const open: { readonly boxes: Generator<Box>; readonly depth: number }[] = [
    { boxes: childBoxes(new ByteReader(bytes, 'file')), depth: 0 },
  ];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const next = level.boxes.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const { type, sizeBytes, body } = next.value;
    lines.push(`${'  '.repeat(level.depth)}${type} ${sizeBytes}`);
    const prefix = CONTAINERS.has(type) ? 0 : PREFIXED[type];
    if (prefix !== undefined && level.depth < DEEPEST) {
      body.skip(prefix);
      open.push({ boxes: childBoxes(body), depth: level.depth + 1 });
    }
  }
  return lines.join('\n');
}
