/**
 * How many samples right behind a sync sample lead it: decoded after it and shown before it (open GOP), so that they may
 * refer to the GOP before. In decode order they come before all that trail it. `end`: one behind the last sample asked about.
 */
export function leadingSamples(presentation: Float64Array, sync: number, end: number): number {
  const shown = presentation[sync] ?? 0;
  let next = sync + 1;
  while (next < end && (presentation[next] ?? 0) < shown) {
    next++;
  }
  return next - sync - 1;
}
