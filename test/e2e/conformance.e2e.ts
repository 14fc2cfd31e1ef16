import { announceRecorded } from './announce-recorded';
import { recordCamera } from './camera';
import { CAMERAS } from './cameras';
import { judgeExport } from './export-judge';
import { randomNumbers, randomRange, type RangeSeconds } from './recorded-range';
import { secondsAfter, withWorld } from './world';

const START = '2026-11-01T05:20:00.000Z';
const RANGES_PER_CAMERA = process.env['CLIPMESH_TEST_FULL'] === '1' ? 12 : 1;
const TIMEOUT_MS = 60_000 * RANGES_PER_CAMERA;
const SEED = 20_261_101;

const world = withWorld();

async function exportRange(name: string, sourceVideo: string, { start, end }: RangeSeconds): Promise<string> {
  const ranges = [[secondsAfter(START, start), secondsAfter(START, end)]] as const;
  const job = await world().export({ name, sourceVideo, ranges });
  expect(job.properties).toMatchObject({ state: 'Completed', progress: { gaps: [] } });
  return world().download(name);
}

describe('a random range of what a camera records is exported bit for bit', () => {
  it.each(CAMERAS.map((camera) => [camera.name, camera] as const))(
    '%s',
    async (name, camera) => {
      const recorded = await recordCamera(camera, world().folder);
      await announceRecorded(world(), name, START, recorded);
      const random = randomNumbers(SEED + CAMERAS.indexOf(camera));
      for (let i = 0; i < RANGES_PER_CAMERA; i++) {
        const range = randomRange(recorded, random);
        const exported = await exportRange(`clip-${String(i)}-of-${name}`, name, range);
        await judgeExport(exported, recorded, range, camera.opensGops !== true);
      }
    },
    TIMEOUT_MS,
  );
});
