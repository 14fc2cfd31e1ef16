import type { WallTime } from '@clipmesh/media';

/**
 * What a segment is called in the spool; in order of time. The run stands in it so that a recording that is begun
 * again never writes the files that the announcer is just taking away.
 */
export const segmentName = (start: WallTime, sequence: number, run: string): string =>
  `${start}-${sequence}-${run}`;

/** `<video>/<yyyy>/<mm>/<dd>/<hh>/<startMs>-<sequence>.mp4`, in UTC: a lifecycle rule or a person finds a day at once. */
export function segmentKey(video: string, start: WallTime, sequence: number): string {
  const [year, month, day, hour] = new Date(start).toISOString().split(/[-T:]/);
  return [video, year, month, day, hour, `${start}-${sequence}.mp4`].join('/');
}

/** The same bytes under the same key are announced once; other bytes would be another event. */
export const segmentMessageId = (key: string, sha256: string): string => `${key}:${sha256.slice(0, 16)}`;
