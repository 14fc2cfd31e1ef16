/** What a code means for retrying, for HTTP status and for the settlement of work (one place each). */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'unsupported'
  | 'corrupt'
  | 'exhausted'
  | 'unavailable'
  | 'canceled'
  | 'internal';

interface CodeEntry {
  readonly kind: ErrorKind;
  /** One line: what has happened. */
  readonly meaning: string;
  /** One line: what the reader can do. */
  readonly remedy: string;
}

const entry = (kind: ErrorKind, meaning: string, remedy: string): CodeEntry => ({ kind, meaning, remedy });

/** Every error code of the product. A code never changes its meaning; `docs/errors.md` is made from this table. */
export const ERROR_CODES = {
  // Requests
  RequestInvalid: entry(
    'invalid',
    'The request is not well formed.',
    'Correct the member that the error names.',
  ),
  PreconditionFailed: entry(
    'conflict',
    'What is there is not what the request was to be carried out on.',
    'Ask for the ETag anew.',
  ),
  RangeNotSatisfiable: entry(
    'invalid',
    'No byte of the asked ranges is in the file.',
    'See Content-Range for its size.',
  ),
  RouteNotFound: entry('not_found', 'Nothing is served at this path.', 'See the list of paths.'),
  NameInvalid: entry(
    'invalid',
    'A name has characters that names do not have.',
    'Use letters, digits, _ and -, at most 64, first a letter or digit.',
  ),
  TopologyInvalid: entry(
    'invalid',
    'The graph or the parameters of a topology break a rule.',
    'Correct every problem that the error lists.',
  ),
  ParameterInvalid: entry(
    'invalid',
    'A parameter is missing, unknown, or not of its type.',
    'Give every parameter that the topology declares without a default.',
  ),
  RangeInvalid: entry(
    'invalid',
    'A time range is empty, malformed, too long, or too far ahead.',
    'Give [start, end) pairs in RFC 3339 UTC, together at most the allowed span.',
  ),
  // Resources
  TopologyNotFound: entry('not_found', 'No topology has this name.', 'List the topologies, or put it first.'),
  JobNotFound: entry(
    'not_found',
    'No job has this name.',
    'List the jobs; a job is removed when it expires.',
  ),
  VideoNotFound: entry(
    'not_found',
    'No video has this name.',
    'List the videos, or publish its first segment.',
  ),
  TopologyInUse: entry('conflict', 'Jobs of this topology exist.', 'Delete its jobs first.'),
  JobConflict: entry(
    'conflict',
    'A job of this name exists with another body.',
    'Choose another name, or delete the job.',
  ),
  JobNotFinal: entry('conflict', 'The job is still at work.', 'Wait for its end, or cancel it first.'),
  JobFinal: entry('conflict', 'The job has ended.', 'Nothing is left to cancel.'),
  JobCommitted: entry(
    'conflict',
    'The file of this job is already being published.',
    'Wait a moment; delete the video if it is not wanted.',
  ),
  VideoInUse: entry('conflict', 'A live job reads or writes this video.', 'Wait for the job, or cancel it.'),
  VideoConflict: entry(
    'conflict',
    'A video of this name exists and is of another kind.',
    'Choose another name.',
  ),
  OutputVideoExists: entry(
    'conflict',
    'The name of the output video is taken.',
    'Choose another output name, or delete that video.',
  ),
  RevisionStale: entry(
    'conflict',
    'Somebody changed the record meanwhile.',
    'Read it again and repeat the change.',
  ),
  // Segments
  SegmentEventInvalid: entry(
    'invalid',
    'A segment event is malformed or contradicts itself.',
    'Publish the event as docs/recorders.md shows.',
  ),
  SegmentMissing: entry(
    'not_found',
    'The object that a segment event names is not in the store.',
    'Put the object first, then publish its event again.',
  ),
  SegmentNotMp4: entry('corrupt', 'The object is not an MP4.', 'Record fragmented or progressive MP4.'),
  SegmentTruncated: entry(
    'corrupt',
    'The object ends before its boxes or samples do.',
    'Put the whole object, then publish its event again under a new key.',
  ),
  SegmentCorrupt: entry(
    'corrupt',
    'The boxes or sample tables of the object contradict each other.',
    'Record the segment again, or check the recorder.',
  ),
  SegmentOverlap: entry(
    'conflict',
    'The segment covers time that another one covers.',
    "Check the recorder's clock, or that two recorders do not share a video.",
  ),
  SegmentInFuture: entry('invalid', 'The segment starts too far in the future.', "Set the recorder's clock."),
  SegmentChanged: entry(
    'conflict',
    'The key is known with other bytes.',
    'Never write a key twice; put the segment under a key of its own.',
  ),
  SegmentTooLong: entry('unsupported', 'The segment is longer than an hour.', 'Record shorter segments.'),
  CodecUnsupported: entry(
    'unsupported',
    'A track has a codec that this step does not take.',
    'See docs/media-format.md for what is taken.',
  ),
  // Exports
  SetupValidationFailure: entry(
    'not_found',
    'The job cannot start: its video or any media in its range is missing.',
    'Check the video name and the range against the coverage.',
  ),
  RangeHasGaps: entry(
    'conflict',
    'The range has gaps and the job asked to fail then.',
    'Use gaps "collapse", or ask for ranges without gaps.',
  ),
  SampleEntryChanged: entry(
    'unsupported',
    'The codec configuration changes inside the range.',
    'Export the ranges before and after the change on their own.',
  ),
  EdgesUnsupported: entry(
    'unsupported',
    'The edges of this recording cannot be encoded on their own.',
    'Use the edges "edit-list", "keyframe-before" or "keyframe-after", or an encoder.',
  ),
  SourceChanged: entry(
    'corrupt',
    'A source object is not the one that was indexed.',
    'Look for what overwrote it; export a range without it.',
  ),
  UndecodableMedia: entry(
    'corrupt',
    'ffmpeg cannot decode the media of the range.',
    'Export the original without an encoder, or a range without the damaged part.',
  ),
  DeadlineExceeded: entry(
    'canceled',
    'The job did not end within its deadline.',
    'Split the range, or add workers.',
  ),
  AttemptsExhausted: entry(
    'internal',
    'A task failed as often as it may.',
    'See the last error in the details.',
  ),
  JobCanceled: entry('canceled', 'The job was canceled.', 'Put a new job if the clip is still wanted.'),
  // Surroundings
  ScratchFull: entry('exhausted', 'A worker has no room left on its disk.', 'Free or add disk.'),
  StoreFull: entry(
    'exhausted',
    'The object store has no room left.',
    'Free or add storage; jobs wait meanwhile.',
  ),
  StoreUnreachable: entry(
    'unavailable',
    'The object store does not answer.',
    'Check the object store; work goes on by itself.',
  ),
  StoreDenied: entry(
    'unavailable',
    'The object store refuses this service.',
    "Check the service's key and policy.",
  ),
  ObjectMissing: entry(
    'not_found',
    'An object that should be there is not.',
    'It is made again where that is possible; otherwise see the details.',
  ),
  ObjectExists: entry('conflict', 'The object is there already.', 'Nothing: somebody else was first.'),
  BusUnreachable: entry('unavailable', 'NATS does not answer.', 'Check NATS; work goes on by itself.'),
  NoResponder: entry('unavailable', 'The service that answers this is not running.', 'Start the service.'),
  BusDenied: entry('unavailable', 'NATS refuses this service.', "Check the service's user and permissions."),
  BusFull: entry('exhausted', 'A stream of NATS has no room left.', 'Free or add disk, or raise its limit.'),
  BusMisconfigured: entry(
    'unavailable',
    'A stream, bucket or consumer is not set up as this release needs it.',
    'See the differences in the details; change or remove it, then start again.',
  ),
  EncoderCrashed: entry(
    'unavailable',
    'ffmpeg ended without finishing.',
    'It is tried again; see stderrTail in the details.',
  ),
  EncoderMissing: entry(
    'unavailable',
    'The ffmpeg of a worker lacks an encoder that the job needs.',
    'It is tried again, perhaps by another worker; `workers.list` tells which encoders each has.',
  ),
  EncoderTimedOut: entry(
    'unavailable',
    'ffmpeg did not finish in its time.',
    'It is tried again; add workers or shorten the range.',
  ),
  OutputInvalid: entry(
    'unavailable',
    'What was written is not what was planned.',
    'It is written again; see the details.',
  ),
  RecordCorrupt: entry(
    'corrupt',
    'A stored index object, catalog entry or plan is damaged.',
    'Have it made again: run the job anew, or index the hour again from its segments.',
  ),
  FormatUnsupported: entry(
    'unavailable',
    'A record was written by a newer release.',
    'Upgrade this service; the record is left unharmed.',
  ),
  ServerNotStarted: entry(
    'unavailable',
    'A server or service of the local mesh did not start.',
    'See the log that the error names.',
  ),
  MediaAwaited: entry(
    'unavailable',
    'The end of the range is not recorded yet.',
    'Nothing: the job goes on when it is, or after waitForMediaMs.',
  ),
  WorkerStopping: entry(
    'unavailable',
    'A worker was stopped while it had the task.',
    'Nothing: another worker goes on, and no attempt is used up.',
  ),
  LeaseLost: entry(
    'unavailable',
    'A worker died, or was cut off, while it had the task.',
    'Nothing: the task is taken up again when its lease has run out.',
  ),
  SettingsInvalid: entry(
    'invalid',
    'A setting of the environment is missing or wrong.',
    'Correct every variable that the error lists, then start again.',
  ),
  InternalError: entry('internal', 'A defect of Clipmesh.', 'Report it with the request id and the log.'),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
