import type { Gap } from '@clipmesh/archive';
import type { StoredObject } from './job-record';

/** What an encode task leaves. */
export interface EncodeOutcome {
  /** The index of the objects that it wrote, in their order; absent when it wrote none. */
  readonly index?: StoredObject;
  /** For each object which stretch it is: of a part in ticks of the encoded video, of sound in instants of the clock. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** The first of the objects holds samples as they were recorded. */
  readonly beginsWithCopies?: true;
  /** What could not be decoded. */
  readonly gaps: readonly Gap[];
}
