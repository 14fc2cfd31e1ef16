const ROWS_AT_ONCE = 1024;

/** A list as JSON, some items at a time: what is told of a day's is never in memory together. */
export function* jsonRows<T>(items: readonly T[], describe: (item: T) => object): Generator<string> {
  yield '[';
  for (let from = 0; from < items.length; from += ROWS_AT_ONCE) {
    if (from > 0) {
      yield ',';
    }
    yield JSON.stringify(items.slice(from, from + ROWS_AT_ONCE).map(describe)).slice(1, -1);
  }
  yield ']';
}
