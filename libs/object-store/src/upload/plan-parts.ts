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
  maxParts: 10_000,
};

/**
 * Divides a laid-out file into the parts of a multipart upload. Pure and deterministic: the same spans give the same
 * parts, so that a later attempt can go on with the parts that an earlier one has stored.
 *
 * A large span is copied by the store. What is too small for a part of its own (the file's header, short runs) is
 * gathered, and borrows as many bytes as it lacks from the next large span, or from the one before when the next
 * would become too small by it. When that makes more parts than S3 takes, copies are made larger, and only then are
 * neighbouring parts put together to pass through this process.
 */
export function planParts(spans: readonly Span[], limits: PartLimits = S3_PARTS): PlannedPart[] {
  const tidy = tidySpans(spans);
  let { copyBytes } = limits;
  let parts = gatherParts(tidy, limits, copyBytes);
  while (parts.length > limits.maxParts && copyBytes < limits.maxCopyBytes) {
    copyBytes = Math.min(copyBytes * 2, limits.maxCopyBytes);
    parts = gatherParts(tidy, limits, copyBytes);
  }
  return capParts(parts, limits);
}

function gatherParts(spans: readonly Span[], limits: PartLimits, copyBytes: number): PlannedPart[] {
  const gathering = new Gathering(limits.minBytes, copyBytes);
  for (const span of spans) {
    gathering.take(span);
  }
  return gathering.end();
}

class Gathering {
  private readonly parts: PlannedPart[] = [];
  private pieces: Span[] = [];
  private gatheredBytes = 0;

  constructor(
    private readonly minBytes: number,
    private readonly copyBytes: number,
  ) {}

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

  /** Every part given off has from the least bytes up to twice as many, however long the span. */
  private gather(span: Span): void {
    let rest = span;
    while (sizeOf(rest) > 0) {
      if (this.gatheredBytes >= this.minBytes) {
        this.flush();
      }
      const fits = this.gatheredBytes + sizeOf(rest) < 2 * this.minBytes;
      const [head, tail] = splitSpan(rest, fits ? sizeOf(rest) : this.minBytes - this.gatheredBytes);
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
