import { VideoBrowser } from '../probe/chromium';
import { announceRecorded } from './announce-recorded';
import { FPS, recordCamera, type Recorded } from './camera';
import { CAMERAS } from './cameras';
import { framesOf } from './recorded-range';
import { secondsAfter, withWorld } from './world';

const START = '2026-11-01T05:20:00.000Z';
/** As many seconds after the first recording of `yard` the second begins. */
const SECOND_STARTS = 30;

const world = withWorld();
let browser: VideoBrowser | undefined;

beforeAll(async () => {
  browser = await VideoBrowser.launch();
}, 60_000);

afterAll(() => browser?.close());

function camera(name: string): (typeof CAMERAS)[number] {
  return CAMERAS.find((one) => one.name === name)!;
}

/** Frame numbers of `[start, end)`, in seconds from the recording's start. */
function numbers(recorded: Recorded, start: number, end: number): number[] {
  return framesOf(recorded, { start, end }).map((frame) => recorded.frames.indexOf(frame));
}

/** The end of the last picture that must be decoded for those before `end`. */
function shownUpTo({ videoPackets }: Recorded, end: number): number {
  const last = videoPackets.findLastIndex(({ seconds }) => seconds < end);
  return Math.max(...videoPackets.slice(0, last + 1).map(({ seconds }) => seconds)) + 1 / FPS;
}

async function exported(
  name: string,
  sourceVideo: string,
  ranges: readonly (readonly [start: number, end: number])[],
): Promise<string> {
  const instants = ranges.map(
    ([start, end]) => [secondsAfter(START, start), secondsAfter(START, end)] as const,
  );
  const job = await world().export({ name, sourceVideo, ranges: instants });
  expect(job.properties).toMatchObject({ state: 'Completed' });
  return world().download(name);
}

/** The browser shows exactly these frames: at first, wherever it seeks to, and when it plays from start to end. */
async function expectShown(source: string, wanted: readonly number[]): Promise<void> {
  const page = await browser!.open(source);
  expect(page.first.frameNumber).toBe(wanted[0]);
  const positions = [
    wanted.length - 1,
    Math.floor(wanted.length / 2),
    0,
    Math.floor(wanted.length / 3),
    Math.max(0, wanted.length - 2),
  ];
  const shown = [];
  for (const position of positions) {
    shown.push((await page.frameAt(page.first.mediaTime + (position + 0.5) / FPS)).frameNumber);
  }
  expect(shown).toEqual(positions.map((position) => wanted[position]));
  expect((await page.frameAt(page.durationSeconds)).frameNumber).toBe(wanted.at(-1));
  const played = (await page.play()).map(({ frameNumber }) => wanted.indexOf(frameNumber ?? -1));
  // A busy machine may leave pictures out, but shows none that is not of the range, nor any out of order.
  expect([played[0], played.at(-1)]).toEqual([0, wanted.length - 1]);
  expect(played).toEqual([...new Set(played)].sort((a, b) => a - b));
  await page.close();
}

describe('the browser shows exactly what was asked for', () => {
  let first: Recorded;
  let second: Recorded;
  beforeAll(async () => {
    first = await recordCamera(camera('late-moov'), world().folder);
    await announceRecorded(world(), 'yard', START, first);
    second = await recordCamera({ ...camera('late-moov'), name: 'again' }, world().folder);
    await announceRecorded(world(), 'yard', secondsAfter(START, SECOND_STARTS), second);
  }, 60_000);

  it('of a range that begins and ends inside of GOPs with B-frames, with sound', async () => {
    await expectShown(await exported('inside', 'yard', [[1.33, 4.25]]), numbers(first, 1.33, 4.25));
  }, 60_000);

  it('of several ranges: exactly at the outer edges, from sync samples on behind the inner seams', async () => {
    const path = await exported('several', 'yard', [
      [3.3, 4.6],
      [0.7, 1.5],
    ]);
    // Pictures of 4.6 s and later that those before refer to are shown as well.
    const before = numbers(first, 3.3, shownUpTo(first, 4.6));
    // A GOP lasts 13 frames: the sync sample before 0.7 s is frame 13.
    await expectShown(path, [...before, ...numbers(first, 13 / FPS, 1.5)]);
  }, 60_000);

  it('of a range over a gap, which is closed', async () => {
    const path = await exported('gap', 'yard', [[4.9, SECOND_STARTS + 0.9]]);
    await expectShown(path, [...numbers(first, 4.9, 6), ...numbers(second, 0, 0.9)]);
  }, 60_000);

  it('of a single frame', async () => {
    await expectShown(await exported('single', 'yard', [[2.61, 2.66]]), numbers(first, 2.61, 2.66));
  }, 60_000);
});

describe('the browser plays what it can decode, whatever wrote it', () => {
  it.each([
    'h264-closed-gops',
    'signed-offsets',
    'moof-per-frame',
    'timescales-differ',
    'av1',
    'vp9',
    'opus',
    'mp3',
  ])(
    '%s',
    async (name) => {
      const recorded = await recordCamera(camera(name), world().folder);
      await announceRecorded(world(), name, START, recorded);
      await expectShown(
        await exported(`clip-of-${name}`, name, [[1.61, 2.95]]),
        numbers(recorded, 1.61, 2.95),
      );
    },
    60_000,
  );
});
