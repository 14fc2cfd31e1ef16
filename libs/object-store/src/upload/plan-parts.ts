import type { Span } from '@clipmesh/media';
import { capParts } from './cap-parts';
import type { PartLimits, PlannedPart } from './planned-part';
import { sizeOf, splitSpan, tidySpans } from './span-bytes';

const MIB = 1024 * 1024;

/** S3's rules, and a copy size at which a single large object still keeps several copies busy. */
export const S3_PARTS: PartLimits = {
  minBytes: 5 * MIB,
  copyBytes: 64 * MIB,
  maxCopyBytes: 5 * 1024 * MIB,
  maxGatherBytes: 32 * MIB,
  maxParts: 10_000,
};

const GATHER_GROWTH = 1.25;

/**
 * Divides a laid-out file into the parts of a multipart upload. Pure and deterministic: the same spans give the same
 * parts, so that a later attempt can go on with the parts that an earlier one has stored.
 *
 * A large span is copied by the store. What is too small for a part of its own (the file's header, short runs) is
 * gathered, and borrows as many bytes as it lacks from the next large span, or from the one before when the next
 * would become too small by it. When that makes more parts than S3 takes, copies are made larger, then gathered parts,
 * and only then are neighbouring copies put together to pass through this process.
 */
export function planParts(spans: readonly Span[], limits: PartLimits = S3_PARTS): PlannedPart[] {
  const tidy = tidySpans(spans);
  const sizes = { minBytes: limits.minBytes, gatherBytes: limits.minBytes, copyBytes: limits.copyBytes };
  let parts = gatherParts(tidy, sizes);
  const maxCopyBytes = Math.min(limits.maxCopyBytes, longestOf(tidy));
  while (parts.length > limits.maxParts && sizes.copyBytes < maxCopyBytes) {
    sizes.copyBytes = Math.min(sizes.copyBytes * 2, maxCopyBytes);
    parts = gatherParts(tidy, sizes);
  }
  while (parts.length > limits.maxParts && sizes.gatherBytes < limits.maxGatherBytes) {
    sizes.gatherBytes = Math.min(Math.ceil(sizes.gatherBytes * GATHER_GROWTH), limits.maxGatherBytes);
    parts = gatherParts(tidy, sizes);
  }
  return capParts(parts, limits);
}

function longestOf(spans: readonly Span[]): number {
  return spans.reduce((longest, span) => Math.max(longest, sizeOf(span)), 0);
}

function gatherParts(spans: readonly Span[], sizes: PartSizes): PlannedPart[] {
  const gathering = new Gathering(sizes);
  for (const span of spans) {
    gathering.take(span);
  }
  return gathering.end();
}

interface PartSizes {
  /** Least of every part but the last; what a part of its own lacks to it is borrowed. */
  readonly minBytes: number;
  /** Gathered parts are given off from here on. */
  gatherBytes: number;
  copyBytes: number;
}

class Gathering {
  private readonly parts: PlannedPart[] = [];
  private pieces: Span[] = [];
  private gatheredBytes = 0;
  private readonly minBytes: number;
  private readonly gatherBytes: number;
  private readonly copyBytes: number;

  constructor({ minBytes, gatherBytes, copyBytes }: PartSizes) {
    this.minBytes = minBytes;
    this.gatherBytes = gatherBytes;
    this.copyBytes = copyBytes;
  }

  take(span: Span): void {
    const lacking = this.gatheredBytes === 0 ? 0 : Math.max(0, this.minBytes - this.gatheredBytes);
    if (span.kind === 'inline' || span.length < this.minBytes) {
      this.gather(span);
    } else if (span.length >= lacking + this.minBytes) {
      const [lent, rest] = splitSpan(span, lacking);
      this.gather(lent);
      this.flush();
      this.copy(rest);
    } else if (this.borrowFromBefore(lacking)) {
      this.flush();
      this.copy(span);
    } else {
      this.gather(span);
    }
  }

  end(): PlannedPart[] {
    this.flush();
    return this.parts;
  }

  /** Every part given off while gathering has from `gatherBytes` up to twice as many, however long the span. */
  private gather(span: Span): void {
    let rest = span;
    while (sizeOf(rest) > 0) {
      if (this.gatheredBytes >= this.gatherBytes) {
        this.flush();
      }
      const fits = this.gatheredBytes + sizeOf(rest) < 2 * this.gatherBytes;
      const [head, tail] = splitSpan(rest, fits ? sizeOf(rest) : this.gatherBytes - this.gatheredBytes);
      this.pieces.push(head);
      this.gatheredBytes += sizeOf(head);
      rest = tail;
    }
  }

  private flush(): void {
    if (this.gatheredBytes > 0) {
      this.parts.push({ kind: 'upload', pieces: this.pieces, length: this.gatheredBytes });
      this.pieces = [];
      this.gatheredBytes = 0;
    }
  }

  private copy(span: Span): void {
    const count = Math.ceil(sizeOf(span) / this.copyBytes);
    let rest = span;
    for (let left = count; left > 0; left--) {
      const [head, tail] = splitSpan(rest, Math.ceil(sizeOf(rest) / left));
      if (head.kind === 'object') {
        this.parts.push({ ...head, kind: 'copy' });
      }
      rest = tail;
    }
  }

  /** Takes the end of the copied part before, when that stays large enough. */
  private borrowFromBefore(lacking: number): boolean {
    const before = this.parts.at(-1);
    if (before?.kind !== 'copy' || before.length - lacking < this.minBytes) {
      return false;
    }
    const { object, offset, length } = before;
    const kept = length - lacking;
    this.parts[this.parts.length - 1] = { ...before, length: kept };
    this.pieces.unshift({ kind: 'object', object, offset: offset + kept, length: lacking });
    this.gatheredBytes += lacking;
    return true;
  }
}
