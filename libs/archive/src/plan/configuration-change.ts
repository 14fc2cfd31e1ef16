import type { TrackDescription, WallTime } from '@clipmesh/media';
import { ExportError } from '@clipmesh/errors';
import type { PlanWarning } from './movie-plan';
import { parameterSetsOf } from './parameter-sets';
import type { Piece } from './piece';
import { boxesOf } from './sample-entry-identity';

/** Between two pieces that follow each other a track's configuration changes. */
export interface ConfigurationChange {
  readonly atMs: WallTime;
  /** The object that begins with the new one. */
  readonly key: string;
  readonly before: TrackDescription;
  readonly after: TrackDescription;
}

export function changeAt(
  { segment }: Piece,
  before: TrackDescription,
  after: TrackDescription,
): ConfigurationChange {
  return { atMs: segment.startMs, key: segment.key, before, after };
}

/**
 * Why samples of `track` cannot follow under the sample entry of `output` with their parameter sets in band;
 * `undefined` when they can. A decoder then follows the sets, and takes nothing else from the entry.
 */
export function whyNotInBand(output: TrackDescription, track: TrackDescription): string | undefined {
  if (track.kind === 'audio') {
    return 'sound has no configuration in band';
  }
  const [sets, own] = [parameterSetsOf(output), parameterSetsOf(track)];
  if (sets === undefined || own === undefined) {
    return `parameter sets of ${sets === undefined ? output.codec : track.codec} cannot stand in band`;
  }
  if (sets.family !== own.family) {
    return `the codec changes from ${sets.family} to ${own.family}`;
  }
  if (sets.lengthBytes !== own.lengthBytes) {
    return `lengths of NAL units change from ${sets.lengthBytes} to ${own.lengthBytes} bytes`;
  }
  if (!output.matrix.every((value, i) => value === track.matrix[i])) {
    return 'the rotation changes';
  }
  const changed = otherBoxes(output, sets.box) === otherBoxes(track, sets.box);
  return changed ? undefined : 'the sample entry changes outside of its parameter sets';
}

/** What a sample entry says besides the codec's configuration: aspect, colour, cropping. */
function otherBoxes(track: TrackDescription, configurationBox: string): string {
  return boxesOf(track)
    .filter((box) => ![configurationBox, 'btrt'].includes(box.toString('latin1', 4, 8)))
    .map((box) => box.toString('hex'))
    .sort()
    .join();
}

export function changedWarning(change: ConfigurationChange, what: string): PlanWarning {
  return { code: 'ConfigurationChanged', message: `${describeChange(change)}; ${what}` };
}

export function refuseChange(change: ConfigurationChange, reason?: string): ExportError {
  const { key, atMs, before, after } = change;
  const [from, to] = [describe(before), describe(after)];
  const inBand = reason === undefined ? 'Set onConfigChange to in-band or split, or export' : 'Export';
  return new ExportError('SampleEntryChanged', {
    message: `${describeChange(change)}, in ${key}${reason === undefined ? '' : `: ${reason}`}`,
    hint: `${inBand} the ranges before and after the change on their own.`,
    details: { key, startMs: atMs, kind: after.kind, from, to, ...(reason === undefined ? {} : { reason }) },
  });
}

function describeChange({ atMs, before, after }: ConfigurationChange): string {
  const at = new Date(atMs).toISOString();
  return `the configuration of the ${after.kind} changes at ${at} (${describe(before)} to ${describe(after)})`;
}

function describe({ kind, codec, width, height, timescale }: TrackDescription): string {
  return kind === 'video' ? `${codec} ${width}x${height}` : `${codec} ${timescale} Hz`;
}
