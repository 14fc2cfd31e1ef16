import type { MovieLayout, TimeRange } from '@clipmesh/media';
import type { Gap, MoviePlan, PlanWarning } from '../plan/movie-plan';
import { fileLeaves } from './file-leaves';
import { TreeDigest } from './tree-digest';

/** A span of wall time: RFC 3339, UTC, milliseconds. */
export interface ManifestRange {
  readonly start: string;
  readonly end: string;
}

/** An object that the file's media come from. */
export interface ManifestSource extends ManifestRange {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * What stands beside an exported file. File and manifest verify each other without the archive: the leaves tile the
 * file from its first byte to its last.
 */
export interface Manifest {
  readonly format: 1;
  readonly job: { readonly id: string; readonly name: string; readonly topologyName: string };
  readonly sourceVideo: { readonly id: string; readonly name: string };
  readonly output: {
    readonly videoName: string;
    readonly bucket: string;
    readonly key: string;
    readonly etag: string;
    readonly sizeBytes: number;
  };
  readonly requested: readonly ManifestRange[];
  readonly delivered: readonly ManifestRange[];
  readonly gaps: readonly (ManifestRange & { readonly reason: Gap['reason'] })[];
  readonly edges: MoviePlan['edges'];
  readonly warnings: readonly PlanWarning[];
  readonly sources: readonly ManifestSource[];
  /** Length in bytes and SHA-256 in hex of each leaf, in file order. */
  readonly leaves: readonly (readonly [lengthBytes: number, sha256: string])[];
  /** See `TreeDigest`. */
  readonly treeDigest: string;
}

export interface ManifestFacts {
  readonly plan: MoviePlan;
  readonly layout: MovieLayout;
  readonly job: Manifest['job'];
  readonly output: Manifest['output'];
  /** What was encoded, when it is not the plan itself that tells (`sources`): the archive's objects, not parts, which are scratch. */
  readonly source?: MoviePlan;
}

export function makeManifest({ plan, layout, job, output, source = plan }: ManifestFacts): Manifest {
  const leaves: [number, string][] = [];
  const tree = new TreeDigest();
  for (const leaf of fileLeaves(plan, layout)) {
    leaves.push([leaf.length, Buffer.from(leaf.sha256).toString('hex')]);
    tree.add(leaf);
  }
  return {
    format: 1,
    job,
    sourceVideo: plan.video,
    output,
    requested: plan.requested.map(manifestRange),
    delivered: plan.delivered.map(manifestRange),
    gaps: plan.gaps.map((gap) => ({ ...manifestRange(gap), reason: gap.reason })),
    edges: plan.edges,
    warnings: plan.warnings,
    sources: (source.sources ?? source.objects).map(({ bucket, key, etag, sizeBytes, sha256, ...range }) => ({
      ...{ bucket, key, etag, sizeBytes, sha256 },
      ...manifestRange(range),
    })),
    leaves,
    treeDigest: tree.finish(),
  };
}

function manifestRange({ startMs, endMs }: TimeRange): ManifestRange {
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
}
