import type { Link } from '../connection/link';
import { isAnswered } from '../work/pull-inbox';
import { assertFilter } from './keys';
import { LastValues, lostReader, type KvEntry } from './last-values';

const BATCH = 500;

/** The values that a bucket holds now, without deletions, each key once. */
export async function* listEntries(
  link: Link,
  bucket: string,
  filter: string,
): AsyncGenerator<KvEntry, void, undefined> {
  assertFilter(filter);
  const arrived: KvEntry[] = [];
  const values = await LastValues.open(link, bucket, filter, (entry) => arrived.push(entry));
  try {
    // A key that changes while we read comes again at the end: the first sight of it counts.
    const seen = new Set<string>();
    let caughtUp = values.initially === 0;
    while (!caughtUp) {
      const end = await values.pull({ kind: 'noWait', batch: BATCH });
      if (!isAnswered(end)) {
        throw lostReader(bucket, filter);
      }
      caughtUp = end === 'empty' || arrived.at(-1)?.isLast === true;
      for (const entry of arrived.splice(0)) {
        if (!seen.has(entry.key)) {
          seen.add(entry.key);
          if (!entry.isDeletion) {
            yield entry;
          }
        }
      }
    }
  } finally {
    await values.close();
  }
}
