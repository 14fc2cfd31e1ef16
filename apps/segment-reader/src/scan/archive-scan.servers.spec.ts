import { join } from 'node:path';
import { formatInstant, type ScanRequest } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { makeFootage, withServers } from '@clipmesh/testkit';
import { TestReader } from '../testing/arrange';

// Hooks after the tests run in the order of their declaration: this one before the servers stop.
afterAll(() => reader.close());

const servers = withServers();
const START = Date.UTC(2026, 9, 31, 5, 20);

let reader: TestReader;

beforeAll(async () => {
  reader = await TestReader.open(servers);
  const footage = await makeFootage({ path: join(servers.folder, 'a.mp4'), seconds: 4 });
  for (let n = 0; n < 5; n++) {
    await reader.put(`gate/2026/10/31/05/${String(START + n * 4_000)}-${String(n)}.mp4`, footage);
  }
  await reader.put('gate/notes.txt', footage);
  await reader.put('gate-2/2026/10/31/05/1761888000000-0.mp4', footage);
  reader.startIntake();
}, 60_000);

const request = (more: Partial<Readonly<ScanRequest>> = {}) => ({ video: 'gate', minAgeSeconds: 0, ...more });

it('says in a dry run what it would announce, and announces nothing', async () => {
  const key = `gate/2026/10/31/05/${String(START)}-0.mp4`;
  await reader.announce('gate', { start: formatInstant(wallTime(START)), object: { key } });
  await reader.hasTaken('gate', 1);
  const reply = await reader.scan.scan(request({ dryRun: true }));
  expect(reply).toMatchObject({
    prefix: 'gate/',
    dryRun: true,
    scanned: 6,
    known: 1,
    announced: 4,
    announcedBefore: 0,
    unreadable: 1,
    tooYoung: 0,
    samples: { unreadable: ['gate/notes.txt'] },
  });
  expect(reply.samples.announced[0]).toEqual({
    key: `gate/2026/10/31/05/${String(START + 4_000)}-1.mp4`,
    start: formatInstant(wallTime(START + 4_000)),
  });
  expect(reader.taken).toHaveLength(1);
});

it('leaves young objects to their recorder', async () => {
  const reply = await reader.scan.scan(request({ minAgeSeconds: 60 }));
  expect(reply).toMatchObject({ known: 1, announced: 0, tooYoung: 4 });
});

it('announces what the index does not know, in pages, and finds it known afterwards', async () => {
  const first = await reader.scan.scan(request({ limit: 3 }));
  expect(first).toMatchObject({ scanned: 3, known: 1, announced: 2 });
  const second = await reader.scan.scan(request({ limit: 10, after: first.after! }));
  expect(second).toMatchObject({ scanned: 3, announced: 2, unreadable: 1 });
  expect(second).not.toHaveProperty('after');
  await reader.hasTaken('gate', 5);
  expect(await reader.scan.scan(request())).toMatchObject({ known: 5, announced: 0 });
  expect(reader.taken.every(({ result }) => result === 'indexed')).toBe(true);
});

it('says of what was announced a moment ago that it was', async () => {
  const gate2 = request({ video: 'gate-2' });
  expect(await reader.scan.scan(gate2)).toMatchObject({ announced: 1 });
  expect(await reader.scan.scan(gate2)).toMatchObject({
    scanned: 1,
    announced: 0,
  });
});
