import { BUCKETS, NAME_PATTERN, parseInstant } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';

/** A segment event whose members have been checked. */
export interface AnnouncedSegment {
  readonly video: string;
  readonly startMs: WallTime;
  /** The recorder's belief, from `end` or `durationMs`. */
  readonly endMs?: WallTime;
  readonly key: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

const MAX_EVENT_BYTES = 64 * 1024;
/** S3's own limit, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
/** `end` and `durationMs` may differ by rounding and by a frame. */
const CONTRADICTION_MS = 1_000;
const SHA256 = /^[0-9a-f]{64}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The event as JSON, or as text when it is none: what a refusal carries. */
export function originalEvent(body: Uint8Array): unknown {
  const text = Buffer.from(
    body.buffer,
    body.byteOffset,
    Math.min(body.byteLength, MAX_EVENT_BYTES),
  ).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: the text itself is the original.
    return text;
  }
}

/**
 * Reads what a recorder has published on `segments.<video>`. It comes from outside: whatever the bytes are, the result
 * is an event or `SegmentEventInvalid` that names the member.
 */
export function parseSegmentEvent(subjectVideo: string, body: Uint8Array): AnnouncedSegment {
  if (!NAME_PATTERN.test(subjectVideo)) {
    throw invalid('subject', `the name ${JSON.stringify(subjectVideo)} is none that a video can have`);
  }
  if (body.byteLength > MAX_EVENT_BYTES) {
    throw invalid('', `the event has ${body.byteLength} bytes; at most ${MAX_EVENT_BYTES} are read`);
  }
  const event = unwrapCloudEvent(record(originalEvent(body), ''));
  checkFormat(event['format']);
  if (event['video'] !== undefined && event['video'] !== subjectVideo) {
    throw invalid('video', `is ${JSON.stringify(event['video'])}, and the subject says ${subjectVideo}`);
  }
  const startMs = instant(event['start'], 'start');
  const endMs = announcedEnd(event, startMs);
  return {
    video: subjectVideo,
    startMs,
    ...(endMs === undefined ? {} : { endMs }),
    ...announcedObject(record(event['object'], 'object')),
  };
}

type Members = Readonly<Record<string, unknown>>;

/** A CloudEvent in structured mode carries ours as `data`; in binary mode the body is ours already. */
function unwrapCloudEvent(event: Members): Members {
  if (typeof event['specversion'] !== 'string') {
    return event;
  }
  if (typeof event['data_base64'] === 'string') {
    return record(originalEvent(Buffer.from(event['data_base64'], 'base64')), 'data_base64');
  }
  return record(event['data'], 'data');
}

function checkFormat(format: unknown): void {
  if (typeof format === 'number' && Number.isInteger(format) && format > 1) {
    throw new ExportError('FormatUnsupported', { message: `a segment event of format ${format}` });
  }
  if (format !== undefined && format !== 1) {
    throw invalid('format', 'expected 1');
  }
}

function announcedEnd(event: Members, startMs: WallTime): WallTime | undefined {
  const end = event['end'] === undefined ? undefined : instant(event['end'], 'end');
  const durationMs = optionalCount(event['durationMs'], 'durationMs');
  if (end !== undefined && end <= startMs) {
    throw invalid('end', 'is not behind start');
  }
  if (durationMs === 0) {
    throw invalid('durationMs', 'expected more than 0');
  }
  if (end !== undefined && durationMs !== undefined) {
    const difference = Math.abs(end - startMs - durationMs);
    if (difference > CONTRADICTION_MS) {
      throw invalid('end', `contradicts durationMs by ${difference} ms`);
    }
  }
  return end ?? (durationMs === undefined ? undefined : ((startMs + Math.ceil(durationMs)) as WallTime));
}

function announcedObject(object: Members): Pick<AnnouncedSegment, 'key' | 'bytes' | 'sha256'> {
  const bucket = object['bucket'];
  if (bucket !== undefined && bucket !== BUCKETS.archive) {
    throw invalid('object.bucket', `expected ${BUCKETS.archive}`);
  }
  const bytes = optionalCount(object['bytes'], 'object.bytes');
  const sha256 = object['sha256'];
  if (sha256 !== undefined && !(typeof sha256 === 'string' && SHA256.test(sha256.toLowerCase()))) {
    throw invalid('object.sha256', 'expected 64 hexadecimal digits');
  }
  return {
    key: objectKey(object['key']),
    ...(bytes === undefined ? {} : { bytes }),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
  };
}

function objectKey(key: unknown): string {
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw invalid('object.key', `expected a key of 1 to ${MAX_KEY_BYTES} bytes`);
  }
  const segments = key.split('/');
  if (
    CONTROL.test(key) ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..')
  ) {
    throw invalid('object.key', 'has control characters, or an empty, . or .. segment');
  }
  return key;
}

function instant(value: unknown, member: string): WallTime {
  const time = typeof value === 'string' ? parseInstant(value) : undefined;
  if (time === undefined) {
    throw invalid(member, 'expected an RFC 3339 time such as 2026-11-01T05:20:00.000Z');
  }
  return time;
}

function optionalCount(value: unknown, member: string): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'number' || !(value >= 0) || value > Number.MAX_SAFE_INTEGER) {
    throw invalid(member, 'expected a number from 0');
  }
  return value;
}

function record(value: unknown, member: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(member, 'expected a JSON object');
  }
  return value as Members; // any object's members are unknown until they are checked
}

function invalid(member: string, problem: string): ExportError {
  return new ExportError('SegmentEventInvalid', {
    message: `the segment event ${member === '' ? '' : `has a wrong ${member}: `}${problem}`,
    ...(member === '' ? {} : { target: member }),
  });
}
