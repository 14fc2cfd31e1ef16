/** Figures of one kind of run. */
export interface RunFigures {
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** The value that `share` of the sorted values do not exceed (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.max(Math.ceil(share * sorted.length), 1);
  const value = sorted[rank - 1];
  if (value === undefined) {
    throw new RangeError('no runs to take figures of');
  }
  return value;
}

export function figuresOf(values: readonly number[]): RunFigures {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    runs: sorted.length,
  };
}
