import { decodeMoviePlan, encodeMoviePlan, toMovie } from '@clipmesh/archive';
import { Bus } from '@clipmesh/bus';
import { CatalogReader, IndexObjects, openCatalogHours, planFromCatalog } from '@clipmesh/catalog';
import { layOutMovie, verifyLaidOutHeader } from '@clipmesh/media';
import { ObjectStore } from '@clipmesh/object-store';
import type { PlanCase, PlanFigures } from './plan.bench';

/** Written by `plan.bench.ts`, which started this process for one case and one run. */
const order = JSON.parse(process.argv[2] ?? '') as PlanCase;
const GAP_THRESHOLD_MS = 1_000;
const WARM_RUNS = 3;

/** Milliseconds. */
interface Taken {
  readonly workMs: number;
  readonly verifyMs: number;
  readonly outBytes: number;
}

async function main(): Promise<PlanFigures> {
  const store = ObjectStore.open(order.settings);
  const bus = await Bus.connect({ servers: order.natsUrl, name: 'bench-plan' });
  try {
    const work = order.step === 'plan' ? plan : layOut;
    const idleBytes = process.memoryUsage.rss();
    const cold = await work(store, bus);
    // `maxRSS` is in kibibytes.
    const peakBytes = process.resourceUsage().maxRSS * 1024 - idleBytes;
    let warmMs = cold.workMs;
    for (let run = 0; run < WARM_RUNS; run++) {
      warmMs = Math.min(warmMs, (await work(store, bus)).workMs);
    }
    return { coldMs: cold.workMs, warmMs, verifyMs: cold.verifyMs, peakBytes, outBytes: cold.outBytes };
  } finally {
    await bus.close();
    store.close();
  }
}

/** What the segment-reader does: catalog, plan, the plan's bytes. */
async function plan(store: ObjectStore, bus: Bus): Promise<Taken> {
  const startedAt = performance.now();
  const { video, range } = order;
  const reader = new CatalogReader(openCatalogHours(bus), new IndexObjects(store), GAP_THRESHOLD_MS);
  const request = { video, ranges: [range], edges: 'edit-list', gaps: 'collapse' } as const;
  const bytes = encodeMoviePlan(await planFromCatalog(reader, request));
  const workMs = performance.now() - startedAt;
  await store.put(order.plan, bytes);
  return { workMs, verifyMs: 0, outBytes: bytes.length };
}

/** What the sink-writer does before and after the media are in place. Only the layout is timed; the check adds to the peak. */
async function layOut(store: ObjectStore): Promise<Taken> {
  const movie = toMovie(decodeMoviePlan(await store.readAll(order.plan)));
  const startedAt = performance.now();
  const layout = layOutMovie(movie);
  const workMs = performance.now() - startedAt;
  const [header] = layout.spans;
  if (header?.kind !== 'inline') {
    throw new Error('a layout does not begin with its header');
  }
  await store.put(order.header, header.bytes);
  const verifiedAt = performance.now();
  await verifyLaidOutHeader(
    (offset, length) => store.readAll(order.header, { range: { offset, length } }),
    movie,
    layout,
  );
  return { workMs, verifyMs: performance.now() - verifiedAt, outBytes: header.bytes.length };
}

void main().then((figures) => {
  process.send?.(figures);
  process.disconnect();
});
