import type { TimeRange } from '@clipmesh/media';
import type { EncoderSettings } from '../encode/encoder-settings';

/** A topology with its parameters filled in: all that a job needs to know of it, for as long as the job lives. */
export interface ResolvedPipeline {
  readonly topologyName: string;
  readonly source: {
    readonly videoName: string;
    /** In the order asked, each `[start, end)`. */
    readonly ranges: readonly TimeRange[];
  };
  /** Absent: pass-through. */
  readonly encoder?: EncoderSettings;
  readonly sink: {
    readonly videoName: string;
    readonly title?: string;
    readonly description?: string;
  };
}
