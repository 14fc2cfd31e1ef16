import { decodeMoviePlan, toMovie } from '@clipmesh/archive';
import { layOutMovie } from '@clipmesh/media';
import { ObjectStore, sourceObjects, type StoreSettings } from '@clipmesh/object-store';
import { writeMovie } from '../../apps/sink-writer/src/write-movie';
import type { WriteDone, WriteFailed, WriteOrder, WriterReady } from './export-writer';

type Sent = Pick<WriteDone, 'copiedParts' | 'uploadedParts' | 'uploadedBytes'>;

/** Written by `ExportWriter`, which started this process. */
const settings = JSON.parse(process.argv[2] ?? '') as StoreSettings;
const store = ObjectStore.open(settings);

process.on('message', (order) => {
  write(order as WriteOrder).then(tell, (error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) });
  });
});
process.once('disconnect', () => {
  store.close();
});
tell({ kind: 'ready', idleBytes: process.memoryUsage.rss() });

function tell(message: WriterReady | WriteDone | WriteFailed): void {
  process.send?.(message);
}

/** As the sink does it: read the plan, lay out, write, verify. */
async function write({ plan: ref, target }: WriteOrder): Promise<WriteDone> {
  const before = process.cpuUsage();
  const sent = { copiedParts: 0, uploadedParts: 0, uploadedBytes: 0 };
  const plan = decodeMoviePlan(await store.readAll(ref, { ifMatch: ref.etag }));
  const movie = toMovie(plan);
  const written = { plan, movie, layout: layOutMovie(movie), objects: sourceObjects(plan.objects) };
  const file = await writeMovie(counting(sent), { target, earlier: [] }, written, {});
  const { user, system } = process.cpuUsage(before);
  // `maxRSS` is in kibibytes.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { kind: 'done', file, cpuMs: (user + system) / 1000, peakBytes, ...sent };
}

/** The store, with a count of what is sent to it. */
function counting(sent: { -readonly [name in keyof Sent]: number }): ObjectStore {
  const counted = Object.create(store) as ObjectStore; // the same store, two of its verbs watched
  counted.copyPart = async (...asked) => {
    sent.copiedParts += 1;
    return store.copyPart(...asked);
  };
  counted.uploadPart = async (...asked) => {
    sent.uploadedParts += 1;
    sent.uploadedBytes += asked[2].length;
    return store.uploadPart(...asked);
  };
  return counted;
}
