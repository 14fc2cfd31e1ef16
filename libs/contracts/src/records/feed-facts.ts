/** What encoders need to know of a plan that they are fed, and of those before it. */
export interface FeedFacts {
  /** Its windows but for copied ones: each is a task where the video, or its edges, are encoded. */
  readonly parts: number;
  /** Of its first track. */
  readonly timescale: number;
  /** What its windows show, in ticks. */
  readonly shownTicks: number;
  readonly hasVideo: boolean;
  /** As in the `codecs` parameter of RFC 6381; absent without sound. */
  readonly soundCodec?: string;
  /** Pictures a second, on average. */
  readonly framesPerSecond: number;
  /** Of its pictures as they are shown, with square pixels and upright; 0 without video. */
  readonly width: number;
  readonly height: number;
}
