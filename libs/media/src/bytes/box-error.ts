import { ExportError } from '@clipmesh/errors';

/** The refusal of a box whose bytes contradict themselves or the rest of the object. */
export function corruptBox(
  box: string,
  problem: string,
  details: Readonly<Record<string, unknown>> = {},
): ExportError {
  return new ExportError('SegmentCorrupt', {
    message: `${box} box ${problem}`,
    details: { box, ...details },
  });
}
