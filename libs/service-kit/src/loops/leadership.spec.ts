import type { KvRecord } from '@clipmesh/bus';
import { ExportError } from '@clipmesh/errors';
import { Leadership, type LeaseRecord } from './leadership';

/** One key with the rules of the real bucket, whose conformance is tested in libs/bus. */
class FakeLeases {
  record: KvRecord<LeaseRecord> | undefined;
  private revision = 0;
  isAway = false;

  get(): Promise<KvRecord<LeaseRecord> | undefined> {
    return this.answer(() => this.record);
  }

  create(key: string, value: LeaseRecord): Promise<number | undefined> {
    return this.answer(() => (this.record === undefined ? this.write(key, value) : undefined));
  }

  update(key: string, value: LeaseRecord, revision: number): Promise<number> {
    return this.answer(() => {
      if (this.record?.revision !== revision) {
        throw new ExportError('RevisionStale', { message: 'stale' });
      }
      return this.write(key, value);
    });
  }

  delete(): Promise<void> {
    this.record = undefined;
    return Promise.resolve();
  }

  private write(key: string, value: LeaseRecord): number {
    this.revision += 1;
    this.record = { key, value, revision: this.revision };
    return this.revision;
  }

  private async answer<T>(act: () => T): Promise<T> {
    await Promise.resolve();
    if (this.isAway) {
      throw new ExportError('BusUnreachable', { message: 'away' });
    }
    return act();
  }
}

const write = () => undefined;
const log = { debug: write, info: write, warn: write, error: write };

function setup() {
  const leases = new FakeLeases();
  const clock = { ms: 0 };
  const candidate = (holder: string) =>
    new Leadership({ leases, of: 'jobs', holder, log, leaseMs: 9_000, now: () => clock.ms });
  return { leases, clock, a: candidate('a'), b: candidate('b') };
}

it('one of two leads', async () => {
  const { a, b } = setup();
  await a.step();
  await b.step();
  expect([a.isLeader(), b.isLeader()]).toEqual([true, false]);
});

it('the leader leads for as long as it renews', async () => {
  const { a, b, clock } = setup();
  await a.step();
  for (let i = 0; i < 10; i += 1) {
    clock.ms += 3_000;
    await a.step();
    await b.step();
  }
  expect([a.isLeader(), b.isLeader()]).toEqual([true, false]);
});

it('a leader that dies is followed when its lease has stood unmoved for its length', async () => {
  const { a, b, clock } = setup();
  await a.step();
  await b.step();
  clock.ms += 8_999;
  await b.step();
  expect(b.isLeader()).toBe(false);
  clock.ms += 1;
  await b.step();
  expect([a.isLeader(), b.isLeader()]).toEqual([false, true]);
});

it('two who see the lease run out at once do not both lead', async () => {
  const { leases, clock, b } = setup();
  const c = new Leadership({ leases, of: 'jobs', holder: 'c', log, leaseMs: 9_000, now: () => clock.ms });
  leases.record = { key: 'jobs', value: { format: 1, holder: 'dead', renewal: 3 }, revision: 77 };
  await Promise.all([b.step(), c.step()]);
  clock.ms += 9_000;
  await Promise.all([b.step(), c.step()]);
  expect([b.isLeader(), c.isLeader()].filter(Boolean)).toHaveLength(1);
});

it('a leader that cannot renew does not believe in its lease beyond its end', async () => {
  const { a, leases, clock } = setup();
  await a.step();
  leases.isAway = true;
  clock.ms += 8_000;
  await expect(a.step()).rejects.toMatchObject({ code: 'BusUnreachable' });
  expect(a.isLeader()).toBe(true);
  clock.ms += 1_000;
  expect(a.isLeader()).toBe(false);
});

it('a leader whose lease was taken over knows it at its next step', async () => {
  const { a, b, clock } = setup();
  await a.step();
  await b.step();
  clock.ms += 9_000;
  await b.step();
  await a.step();
  expect([a.isLeader(), b.isLeader()]).toEqual([false, true]);
});

it('stop gives the lease back, and another leads at once', async () => {
  const { a, b } = setup();
  await a.step();
  await a.stop();
  await b.step();
  expect([a.isLeader(), b.isLeader()]).toEqual([false, true]);
});
