import { decodeTrackIndex, sampleOffsets } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import { packObject, unpackTracks } from '../index/packed-object';
import type { PackedObject } from '../index/segment-entry';
import { MediaRanges } from './media-ranges';
import type { PlanObject } from './movie-plan';
import type { Piece } from './piece';
import { PackedPlanObject } from './plan-object';

/** The objects of a plan, each once, and what of their bytes is taken. */
export class ObjectList {
  readonly objects: PlanObject[] = [];
  readonly media = new MediaRanges();
  /** By bucket and key. */
  private readonly numbers = new Map<string, Map<string, number>>();

  /** Takes what a piece needs; returns the number of its object. */
  take(piece: Piece): number {
    const { segment, opened } = piece;
    const packed = packObject(segment);
    const object = this.numberOf(piece, packed.leaves);
    if (piece.syncPrefix !== undefined) {
      this.prefixSyncs(object, piece, piece.syncPrefix, packed);
    }
    if (opened === undefined && piece.syncPrefix !== undefined) {
      const tables = unpackTracks(packed).map(({ samples }) => samples);
      const wanted = tables.map((table) => ({ table, firstSample: 0, sampleCount: table.count }));
      this.media.takeSamples(object, packed.leaves, wanted);
    } else if (opened === undefined) {
      this.media.takeWhole(object, segment.sizeBytes);
    } else {
      const wanted = piece.slices.flatMap((slice) => {
        const track = opened.find((candidate) => candidate.track === slice.track);
        return track === undefined ? [] : [{ table: track.index.samples, ...slice }];
      });
      this.media.takeSamples(object, packed.leaves, wanted);
    }
    return object;
  }

  /** The object goes in GOP by GOP, each behind its parameter sets. */
  private prefixSyncs(object: number, piece: Piece, prefix: Uint8Array, packed: PackedObject): void {
    const [video] = packed.tracks;
    const { samples } = video === undefined ? {} : decodeTrackIndex(video.bytes);
    if (samples === undefined) {
      return;
    }
    const offsets = [...sampleOffsets(samples)].filter((_, i) => samples.syncs[i] === 1);
    const insertions = new Map(offsets.map((offset) => [offset, prefix]));
    if (!this.media.insertBefore(object, packed.leaves, insertions)) {
      const { key } = piece.segment;
      throw new ExportError('SampleEntryChanged', {
        message: `parameter sets cannot go into ${key}: its samples overlap`,
        hint: 'Export the ranges before and after the change on their own.',
        details: { key },
      });
    }
  }

  private numberOf({ segment }: Piece, packedLeaves: Uint8Array): number {
    const inBucket = this.numbers.get(segment.bucket) ?? new Map<string, number>();
    this.numbers.set(segment.bucket, inBucket);
    const known = inBucket.get(segment.key);
    if (known !== undefined) {
      return known;
    }
    inBucket.set(segment.key, this.objects.length);
    return this.objects.push(new PackedPlanObject(segment, packedLeaves)) - 1;
  }
}
