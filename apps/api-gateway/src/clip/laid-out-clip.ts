import { createHash } from 'node:crypto';
import { toMovie, type CatalogRevision, type Gap, type MoviePlan } from '@clipmesh/archive';
import { layOutMovie, type MovieLayout, type Span, type TimeRange } from '@clipmesh/media';
import { sourceObjects, type SourceObject } from '@clipmesh/object-store';

/** A file that is not written anywhere: where each of its bytes comes from, and what is told of it. */
export interface LaidOutClip {
  readonly spans: readonly Span[];
  /** Where each span ends in the file. */
  readonly ends: Float64Array;
  readonly sizeBytes: number;
  readonly objects: readonly SourceObject[];
  /** With its quotes, as it stands in headers. */
  readonly etag: string;
  readonly delivered: readonly TimeRange[];
  readonly gaps: readonly Gap[];
  readonly warnings: readonly string[];
  /** The state of the catalog that it was planned from. */
  readonly revisions: readonly CatalogRevision[];
  /** Roughly what it takes in memory. */
  readonly weightBytes: number;
}

const SPAN_WEIGHT = 128;
const OBJECT_WEIGHT = 512;

export function layOutClip(plan: MoviePlan, title: string | undefined): LaidOutClip {
  const layout = layOutMovie(toMovie(plan, title === undefined ? {} : { title }));
  const objects = sourceObjects(plan.objects);
  return {
    spans: layout.spans,
    ends: endsOf(layout),
    sizeBytes: layout.sizeBytes,
    objects,
    etag: etagOf(layout, objects),
    delivered: plan.delivered,
    gaps: plan.gaps,
    warnings: plan.warnings.map(({ code }) => code),
    revisions: plan.catalogRevisions,
    weightBytes: layout.headerBytes + SPAN_WEIGHT * layout.spans.length + OBJECT_WEIGHT * objects.length,
  };
}

function endsOf({ spans }: MovieLayout): Float64Array {
  let end = 0;
  return Float64Array.from(spans, (span) => (end += lengthOf(span)));
}

function lengthOf(span: Span): number {
  return span.kind === 'inline' ? span.bytes.length : span.length;
}

/**
 * A digest over all that the bytes follow from: our own bytes as they are, and those of objects by the objects' ETags. So every
 * copy of this service gives the same one, and it changes whenever a byte does.
 */
function etagOf({ spans }: MovieLayout, objects: readonly SourceObject[]): string {
  const hash = createHash('sha256');
  for (const span of spans) {
    if (span.kind === 'inline') {
      hash.update(`inline ${span.bytes.length}\n`).update(span.bytes);
    } else {
      const source = objects[span.object];
      const identity = [source?.ref.bucket, source?.ref.key, source?.etag, span.offset, span.length];
      hash.update(`${JSON.stringify(identity)}\n`);
    }
  }
  return `"${hash.digest('base64url')}"`;
}
