import type { WallTime } from '@clipmesh/media';

/** What a segment is called in the spool; in order of time. */
export const segmentName = (start: WallTime, sequence: number): string => `${start}-${sequence}`;

/** `<video>/<yyyy>/<mm>/<dd>/<hh>/<startMs>-<sequence>.mp4`, in UTC: a lifecycle rule or a person finds a day at once. */
export function segmentKey(video: string, start: WallTime, sequence: number): string {
  const [year, month, day, hour] = new Date(start).toISOString().split(/[-T:]/);
  return [video, year, month, day, hour, `${segmentName(start, sequence)}.mp4`].join('/');
}

/** The same bytes under the same key are announced once; other bytes would be another event. */
export const segmentMessageId = (key: string, sha256: string): string => `${key}:${sha256.slice(0, 16)}`;
