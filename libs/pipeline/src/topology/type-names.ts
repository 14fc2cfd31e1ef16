import { readChoice, readString, type JsonObject } from './json-object';
import type { ProblemList } from './problem-list';
import { TYPE_NAMES } from './topology';

const VENDOR = '#microsoft.videoanalyzer.';

/** `@type` values of the tutorial's draft, in lower case, and what each is called now. */
const OLDER_TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  [`${VENDOR}videodatetimesequencesstring`, TYPE_NAMES.absoluteTimeMarkers],
  [`${VENDOR}encoder.systempreset`, TYPE_NAMES.systemPreset],
  [`${VENDOR}encoder.custompreset`, TYPE_NAMES.customPreset],
  [`${VENDOR}videoh264encoder`, TYPE_NAMES.videoEncoderH264],
  [`${VENDOR}audioaacencoder`, TYPE_NAMES.audioEncoderAac],
]);

/** The discriminator of a node or of a part of one, under its final name. */
export function readTypeName<T extends string>(
  object: JsonObject,
  choices: readonly T[],
  problems: ProblemList,
): T | undefined {
  const member = object.require('@type');
  const text = readString(member, problems);
  if (member === undefined || text === undefined) {
    return undefined;
  }
  const value = OLDER_TYPE_NAMES.get(text.toLowerCase()) ?? text;
  return readChoice({ ...member, value }, choices, problems);
}
