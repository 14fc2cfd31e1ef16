import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spool, type SpooledSegment } from './spool';

const HOUR_MS = 3600_000;
const SEGMENT: SpooledSegment = {
  format: 1,
  video: 'gate',
  messageId: 'id',
  event: { start: '2026-11-01T05:20:00.000Z', object: { key: 'k' } },
};

async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  const spool = await Spool.open(folder, Date.now());
  return { folder, spool, cleanUp: () => rm(folder, { recursive: true }) };
}

it('has a segment only when media and sidecar are both there', async () => {
  const { spool, cleanUp } = await setup();
  const writer = await spool.startSegment('1-0');
  await writer.append(Buffer.from('abc'));
  expect(await spool.waiting()).toEqual([]);
  expect(await writer.finish()).toEqual({
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  expect(await spool.waiting()).toEqual([]);
  await spool.writeSidecar('1-0', SEGMENT);
  expect(await spool.waiting()).toEqual(['1-0']);
  expect(await spool.read('1-0')).toEqual(SEGMENT);
  await cleanUp();
});

it('lists segments in the order of their times', async () => {
  const { spool, cleanUp } = await setup();
  for (const name of ['1000-10', '999-0', '1000-9']) {
    await spool.writeSidecar(name, SEGMENT);
  }
  expect(await spool.waiting()).toEqual(['999-0', '1000-9', '1000-10']);
  await cleanUp();
});

it('clears away what a dead recorder left unfinished, and nothing that is recorded or young', async () => {
  const { folder, cleanUp } = await setup();
  const old = ['1-0.mp4', '1-0.json', '2-1.mp4', '3-2.mp4.part', '3-2.json.part'];
  for (const file of [...old, '4-3.mp4.part']) {
    await writeFile(join(folder, file), '');
  }
  const longAgo = (Date.now() - 2 * HOUR_MS) / 1000;
  await Promise.all(old.map((file) => utimes(join(folder, file), longAgo, longAgo)));
  await Spool.open(folder, Date.now());
  expect((await readdir(folder)).sort()).toEqual(['1-0.json', '1-0.mp4', '4-3.mp4.part']);
  await cleanUp();
});

it('refuses a sidecar of another release and leaves it', async () => {
  const { folder, spool, cleanUp } = await setup();
  await writeFile(join(folder, '1-0.json'), JSON.stringify({ ...SEGMENT, format: 2 }));
  await expect(spool.read('1-0')).rejects.toMatchObject({ code: 'FormatUnsupported' });
  expect(await readdir(folder)).toEqual(['1-0.json']);
  await cleanUp();
});
