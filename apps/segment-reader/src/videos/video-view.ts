import {
  formatInstant,
  type FileVideo,
  type VideoMediaInfo,
  type VideoRecord,
  type VideoView,
  type WireTimeRange,
} from '@clipmesh/contracts';
import type { TimeRange } from '@clipmesh/media';

/** What a view tells beyond the record itself. */
export interface ViewFacts {
  /** A live job reads it. */
  readonly isInUse: boolean;
  readonly downloadUrl?: string;
}

/** A video as callers see it: AVA's resource, with what the file holds beside it. */
export function videoView(video: VideoRecord, facts: ViewFacts): VideoView {
  const { title, description, deleting } = video;
  const { downloadUrl } = facts;
  const mediaInfo = video.type === 'File' ? mediaInfoOf(video) : undefined;
  return {
    id: video.id,
    name: video.name,
    type: 'Microsoft.Media/videoAnalyzers/videos',
    systemData: {
      createdAt: formatInstant(video.createdAtMs),
      lastModifiedAt: formatInstant(video.lastModifiedAtMs),
    },
    properties: {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      type: video.type,
      flags: flagsOf(video, facts),
      ...(downloadUrl === undefined ? {} : { contentUrls: { downloadUrl } }),
      ...(mediaInfo === undefined ? {} : { mediaInfo }),
      ...(deleting === true ? { deleting } : {}),
    },
  };
}

/** Only archives stream; a file is there to be taken away. */
function flagsOf(video: VideoRecord, facts: ViewFacts): VideoView['properties']['flags'] {
  const hasData = video.type === 'Archive' ? video.hasData : video.export !== undefined;
  return { canStream: video.type === 'Archive' && hasData, hasData, isInUse: facts.isInUse };
}

function mediaInfoOf(video: FileVideo): VideoMediaInfo | undefined {
  const { export: file } = video;
  if (file === undefined) {
    return undefined;
  }
  return {
    sizeBytes: file.file.sizeBytes,
    durationMs: file.delivered.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0),
    treeDigest: file.treeDigest,
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
    requested: file.requested.map(wireRange),
    delivered: file.delivered.map(wireRange),
    gaps: file.gaps.map((gap) => ({ ...wireRange(gap), reason: gap.reason })),
    manifest: { bucket: file.manifest.bucket, key: file.manifest.key },
  };
}

export function wireRange(range: TimeRange): WireTimeRange {
  return { start: formatInstant(range.startMs), end: formatInstant(range.endMs) };
}
