import type { TrackDescription, TrackKind } from '@clipmesh/media';
import { changeAt, changedWarning, refuseChange, whyNotInBand } from './configuration-change';
import type { PlanWarning } from './movie-plan';
import { parameterSetsOf } from './parameter-sets';
import { sliceOfKind, type Piece } from './piece';
import { canShareSampleEntry } from './sample-entry-identity';

const KINDS: readonly TrackKind[] = ['video', 'audio'];

/** What the output's tracks are, and what its samples need to be shown under their sample entries. */
export interface OutputTracks {
  /** Those of the first piece that has one. */
  readonly tracks: readonly TrackDescription[];
  /** Parameter sets that must stand before every sync sample of an object, by its key. */
  readonly syncPrefixes: ReadonlyMap<string, Uint8Array>;
  readonly warnings: readonly PlanWarning[];
}

/**
 * One sample entry a track: browsers refuse a file with two. Throws `SampleEntryChanged` when a piece needs another one
 * and `inBand` is not allowed, or does not help.
 */
export function outputTracks(pieces: readonly Piece[], inBand = false): OutputTracks {
  const syncPrefixes = new Map<string, Uint8Array>();
  const warnings: PlanWarning[] = [];
  const tracks = KINDS.map((kind) => {
    const output = new OutputTrack(inBand, syncPrefixes, warnings);
    for (const piece of pieces) {
      const track = sliceOfKind(piece, kind)?.track.summary;
      if (track !== undefined) {
        output.add(piece, track);
      }
    }
    return output.first;
  });
  return { tracks: tracks.filter((track) => track !== undefined), syncPrefixes, warnings };
}

class OutputTrack {
  first: TrackDescription | undefined;
  private current: TrackDescription | undefined;
  /** What came before the first change. */
  private readonly unchanged: (readonly [Piece, TrackDescription])[] = [];
  private hasChanged = false;

  constructor(
    private readonly inBand: boolean,
    private readonly syncPrefixes: Map<string, Uint8Array>,
    private readonly warnings: PlanWarning[],
  ) {}

  add(piece: Piece, track: TrackDescription): void {
    const { first, current } = this;
    this.first ??= describe(track);
    this.current = track;
    if (first !== undefined && current !== undefined && !canShareSampleEntry(current, track)) {
      this.change(piece, first, current, track);
    }
    if (this.hasChanged) {
      this.prefix(piece, track);
    } else if (this.inBand) {
      this.unchanged.push([piece, track]);
    }
  }

  private change(
    piece: Piece,
    first: TrackDescription,
    before: TrackDescription,
    track: TrackDescription,
  ): void {
    const change = changeAt(piece, before, track);
    if (!this.inBand) {
      throw refuseChange(change);
    }
    const reason = whyNotInBand(first, track);
    if (reason !== undefined) {
      throw refuseChange(change, reason);
    }
    this.hasChanged = true;
    // The first configuration needs its sets as well: a player that seeks back has the later ones in its decoder.
    for (const [earlier, configured] of this.unchanged.splice(0)) {
      this.prefix(earlier, configured);
    }
    this.warnings.push(changedWarning(change, 'the file has one sample entry, and parameter sets in band'));
  }

  private prefix({ segment }: Piece, track: TrackDescription): void {
    const bytes = knownSets(track);
    if (bytes.length > 0) {
      this.syncPrefixes.set(segment.key, bytes);
    }
  }
}

/** Segments of one index object share their sample entry: its sets are read, and stored, once. */
const known = new WeakMap<Uint8Array, Uint8Array>();

function knownSets(track: TrackDescription): Uint8Array {
  const before = known.get(track.sampleEntry);
  const bytes = before ?? parameterSetsOf(track)?.bytes ?? new Uint8Array();
  known.set(track.sampleEntry, bytes);
  return bytes;
}

function describe(track: TrackDescription): TrackDescription {
  const { kind, timescale, sampleEntry, codec, width, height, matrix, language } = track;
  return { kind, timescale, sampleEntry, codec, width, height, matrix, language };
}
