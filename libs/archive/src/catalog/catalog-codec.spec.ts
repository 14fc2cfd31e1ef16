import * as fc from 'fast-check';
import { anArchive } from '../fixture/an-archive';
import { refusalOf } from '../fixture/refusal';
import type { SegmentEntry } from '../index/segment-entry';
import { decodeCatalogHour, decodeIndexObject, encodeCatalogHour, encodeIndexObject } from './catalog-codec';
import { emptyHour, insertSegment } from './insert-segment';
import { hourOf } from './hours';

const archive = () => anArchive().shaped({ hasBFrames: true }).withSegments(3).build();

function anHour() {
  const { segments } = archive();
  let hour = emptyHour(hourOf(segments[0]!.startMs));
  for (const segment of segments) {
    hour = insertSegment(hour, segment, { keyOf: (sha256) => sha256 }).hour;
  }
  return { hour, segments };
}

/** Plain copies: entries from the codec have getters, and bytes come back as views of a Buffer. */
const plain = (entries: readonly SegmentEntry[]): unknown =>
  JSON.parse(
    JSON.stringify(
      entries.map((entry) => ({ ...entry, leaves: entry.leaves, tracks: entry.tracks, packed: undefined })),
      (_, item: unknown) =>
        isBufferJson(item) ? item.data : ArrayBuffer.isView(item) ? valuesOf(item) : item,
    ),
  );

const valuesOf = (view: ArrayBufferView): unknown => Array.from(view as Uint8Array);

function isBufferJson(item: unknown): item is { data: number[] } {
  return typeof item === 'object' && item !== null && 'type' in item && item.type === 'Buffer';
}

describe('the codec of catalog entries', () => {
  it('gives back what it was given', () => {
    const { hour, segments } = anHour();
    const decoded = decodeCatalogHour(encodeCatalogHour(hour));
    expect({ ...decoded, inline: [] }).toEqual({ ...hour, inline: [] });
    expect(plain(decoded.inline)).toEqual(plain(segments));
  });

  it('writes what it has read byte for byte, without opening a sample table', () => {
    const bytes = encodeCatalogHour(anHour().hour);
    expect(Buffer.compare(encodeCatalogHour(decodeCatalogHour(bytes)), bytes)).toBe(0);
  });

  it('makes the same index object whatever order segments came in', () => {
    const { segments } = archive();
    const bytes = encodeIndexObject(segments);
    expect(Buffer.compare(encodeIndexObject([...segments].reverse()), bytes)).toBe(0);
    expect(decodeIndexObject(bytes).map(({ key }) => key)).toEqual(segments.map(({ key }) => key));
  });

  it('keeps a segment of four seconds in under 2 KiB, leaves and all', () => {
    expect(encodeIndexObject(archive().segments).length / 3).toBeLessThan(2048);
  });

  it('refuses an entry of a newer format by its own code, so that it is left unharmed', () => {
    const bytes = Buffer.from(encodeCatalogHour(anHour().hour));
    bytes.writeUInt16BE(2, 4);
    expect(refusalOf(() => decodeCatalogHour(bytes))?.code).toBe('FormatUnsupported');
  });

  it('refuses an index object where a catalog entry belongs', () => {
    expect(refusalOf(() => decodeCatalogHour(encodeIndexObject(archive().segments)))?.code).toBe(
      'RecordCorrupt',
    );
  });

  it('refuses damaged bytes by a code of ours, whatever the damage', () => {
    const good = encodeCatalogHour(anHour().hour);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, length) => {
        const bad = Uint8Array.from(good.subarray(0, length));
        bad[at] = value;
        const refusal = refusalOf(() => {
          decodeCatalogHour(bad).inline.forEach((entry) => [entry.tracks, entry.leaves]);
        });
        expect(['RecordCorrupt', 'FormatUnsupported', 'SegmentCorrupt', undefined]).toContain(refusal?.code);
      }),
      { numRuns: 200 },
    );
  });
});
