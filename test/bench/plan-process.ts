import { decodeMoviePlan, encodeMoviePlan, toMovie } from '@clipmesh/archive';
import { Bus } from '@clipmesh/bus';
import { CatalogReader, IndexObjects, openCatalogHours, planFromCatalog } from '@clipmesh/catalog';
import { layOutMovie, verifyLaidOutHeader } from '@clipmesh/media';
import { ObjectStore } from '@clipmesh/object-store';
import type { Effort, PlanCase, PlanFigures } from './plan.bench';

/** Written by `plan.bench.ts`, which started this process for one case and one run. */
const order = JSON.parse(process.argv[2] ?? '') as PlanCase;
const GAP_THRESHOLD_MS = 1_000;
const WARM_RUNS = 3;

interface Taken {
  readonly work: Effort;
  readonly check?: Effort;
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
    const warm: Effort[] = [];
    for (let run = 0; run < WARM_RUNS; run++) {
      warm.push((await work(store, bus)).work);
    }
    const least = (of: (effort: Effort) => number): number => Math.min(...warm.map(of));
    return {
      cold: cold.work,
      warm: { ms: least(({ ms }) => ms), cpuMs: least(({ cpuMs }) => cpuMs) },
      ...(cold.check === undefined ? {} : { check: cold.check }),
      peakBytes,
    };
  } finally {
    await bus.close();
    store.close();
  }
}

/** What the segment-reader does: catalog, plan, the plan's bytes. */
async function plan(store: ObjectStore, bus: Bus): Promise<Taken> {
  const watch = startWatch();
  const { video, range } = order;
  const reader = new CatalogReader(openCatalogHours(bus), new IndexObjects(store), GAP_THRESHOLD_MS);
  const request = { video, ranges: [range], edges: 'edit-list', gaps: 'collapse' } as const;
  const bytes = encodeMoviePlan(await planFromCatalog(reader, request));
  const work = watch();
  await store.put(order.plan, bytes);
  return { work };
}

/** What the sink-writer does before and after the media are in place. Layout and check are timed; all adds to the peak. */
async function layOut(store: ObjectStore): Promise<Taken> {
  const movie = toMovie(decodeMoviePlan(await store.readAll(order.plan)));
  const watchWork = startWatch();
  const layout = layOutMovie(movie);
  const work = watchWork();
  const [header] = layout.spans;
  if (header?.kind !== 'inline') {
    throw new Error('a layout does not begin with its header');
  }
  await store.put(order.header, header.bytes);
  const watchCheck = startWatch();
  await verifyLaidOutHeader(
    (offset, length) => store.readAll(order.header, { range: { offset, length } }),
    movie,
    layout,
  );
  return { work, check: watchCheck() };
}

function startWatch(): () => Effort {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  };
}

void main().then((figures) => {
  process.send?.(figures);
  process.disconnect();
});
