import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SegmentEvent } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { Announcer, type EventStream, type SegmentStore } from './announcer';
import { Spool } from './spool';

const away = () => new ExportError('StoreUnreachable', { message: 'away' });

/** Notes what is done, in order, and fails as often as told before it. */
function recordedSteps(failures: { put?: number; publish?: number } = {}) {
  const steps: string[] = [];
  const left = { put: failures.put ?? 0, publish: failures.publish ?? 0 };
  const step = (kind: 'put' | 'publish', what: string) => {
    left[kind] -= 1;
    if (left[kind] >= 0) {
      return Promise.reject(away());
    }
    steps.push(`${kind} ${what}`);
    return Promise.resolve({ duplicate: false });
  };
  const store: SegmentStore = {
    put: ({ key }, bytes) => step('put', `${key} ${Buffer.from(bytes).toString()}`),
    putStream: ({ key }) => step('put', key),
  };
  const bus: EventStream = {
    publish: (subject, _event, { msgId }) => step('publish', `${subject} ${msgId}`),
  };
  return { steps, store, bus };
}

async function setup(failures?: { put?: number; publish?: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  const spool = await Spool.open(folder, Date.now());
  const stop = new AbortController();
  const retries: string[] = [];
  const announced: SegmentEvent[] = [];
  const fakes = recordedSteps(failures);
  const announcer = new Announcer(spool, fakes.store, fakes.bus, {
    concurrency: 2,
    firstPauseMs: 1,
    longestPauseMs: 2,
    onAnnounced: (event) => announced.push(event),
    onRetry: (error, name, pauseMs) => retries.push(`${name} ${error.code} ${String(pauseMs)}`),
    signal: stop.signal,
  });
  const cleanUp = () => rm(folder, { recursive: true });
  return { folder, spool, stop, retries, announced, announcer, ...fakes, cleanUp };
}

async function spooled(spool: Spool, name: string): Promise<void> {
  const writer = await spool.startSegment(name);
  await writer.append(Buffer.from('media of '));
  await writer.append(Buffer.from(name));
  const object = { key: `gate/${name}.mp4`, ...(await writer.finish()) };
  await spool.writeSidecar(name, {
    format: 1,
    video: 'gate',
    messageId: `id-${name}`,
    event: { start: '2026-11-01T05:20:00.000Z', object },
  });
}

it('puts the object, then publishes the event, then forgets the segment', async () => {
  const { folder, spool, announcer, steps, announced, cleanUp } = await setup();
  await spooled(spool, '1-0');
  announcer.add('1-0');
  await announcer.finish();
  expect(steps).toEqual(['put gate/1-0.mp4 media of 1-0', 'publish clipmesh.v1.segments.gate id-1-0']);
  expect(announced.map((event) => event.object.key)).toEqual(['gate/1-0.mp4']);
  expect(await readdir(folder)).toEqual([]);
  await cleanUp();
});

it('tries for ever, with bounded pauses, while the store and then the bus are away', async () => {
  const { spool, announcer, retries, steps, cleanUp } = await setup({ put: 3, publish: 2 });
  await spooled(spool, '1-0');
  announcer.add('1-0');
  await announcer.finish();
  const pauses = [1, 2, 2, 2, 2].map((pauseMs) => `1-0 StoreUnreachable ${String(pauseMs)}`);
  expect(retries).toEqual(pauses);
  expect(steps.at(-1)).toBe('publish clipmesh.v1.segments.gate id-1-0');
  await cleanUp();
});

it('keeps what is not announced when it is stopped', async () => {
  const { folder, spool, announcer, stop, cleanUp } = await setup({ put: Infinity });
  await spooled(spool, '1-0');
  announcer.add('1-0');
  stop.abort(new Error('stopping'));
  await expect(announcer.finish()).rejects.toThrow();
  expect((await readdir(folder)).sort()).toEqual(['1-0.json', '1-0.mp4']);
  await cleanUp();
});
