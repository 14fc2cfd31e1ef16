import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { frameNumbers, lumaGrids, makeFootage, withTemporaryFolder } from '@clipmesh/testkit';
import { VideoBrowser } from './chromium';
import { readStrictly } from './strict-reader';

const FPS = 10;
const FRAMES = 20;
const folder = withTemporaryFolder();
const path = join(folder, 'numbered.mp4');
let browser: VideoBrowser | undefined;

beforeAll(async () => {
  await makeFootage({ path, seconds: FRAMES / FPS, fps: FPS, bFrames: 2, audio: true, firstNumber: 1_000 });
  browser = await VideoBrowser.launch();
}, 60_000);

afterAll(() => browser?.close());

const numbers = Array.from({ length: FRAMES }, (_, i) => 1_000 + i);

it('ffmpeg reads the number of every frame from its bar code', async () => {
  expect(await frameNumbers(path)).toEqual(numbers);
});

describe('the browser', () => {
  it('shows the frame that lies at the time sought, forwards, backwards and twice', async () => {
    const page = await browser!.open(path);
    expect(page).toMatchObject({ durationSeconds: 2, width: 320, height: 240 });
    const shown = [];
    for (const seconds of [0, 1.35, 1.95, 1.35, 1.35, 0.1]) {
      shown.push((await page.frameAt(seconds)).frameNumber);
    }
    expect(shown).toEqual([1_000, 1_013, 1_019, 1_013, 1_013, 1_001]);
    await page.close();
  }, 60_000);

  it('plays to the end, in order', async () => {
    const page = await browser!.open(path);
    const shown = (await page.play()).map(({ frameNumber }) => frameNumber);
    expect([shown[0], shown.at(-1)]).toEqual([1_000, 1_019]);
    expect(shown).toEqual([...shown].sort());
    await page.close();
  }, 60_000);

  it('sees the picture that ffmpeg sees', async () => {
    const page = await browser!.open(path);
    const { luma } = await page.frameAt(1.35);
    const wanted = (await lumaGrids(path))[13]!;
    expect(Math.max(...luma.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(12);
    await page.close();
  }, 60_000);

  it('says why it cannot play a file', async () => {
    const broken = join(folder, 'broken.mp4');
    await writeFile(broken, (await readFile(path)).subarray(0, 2_000));
    await expect(browser!.open(broken)).rejects.toThrow(/MediaError 4: .*DEMUXER_ERROR/);
  }, 60_000);
});

describe('the strict reader', () => {
  it('reads tracks, samples and edits without a complaint', () => {
    const { complaints, tracks } = readStrictly(path);
    expect(complaints).toEqual([]);
    const [video, audio] = tracks;
    expect(video).toMatchObject({ kind: 'video', samples: FRAMES, edits: [{ seconds: 2 }] });
    expect(audio).toMatchObject({ kind: 'audio', codec: 'mp4a.40.2', timescale: 48_000 });
    expect(video?.first).toMatchObject({ dts: 0, isSync: true });
  });

  it('complains of a box that is longer than its table', async () => {
    const bytes = await readFile(path);
    const at = bytes.indexOf('stsz') - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + 8, at);
    const damaged = join(folder, 'damaged.mp4');
    await writeFile(damaged, bytes);
    expect(readStrictly(damaged).complaints[0]).toContain('stsz');
  });

  it('complains of a file that ends before its samples do', async () => {
    const faststart = join(folder, 'fragmented.mp4');
    await makeFootage({ path: faststart, seconds: 1, fps: FPS, layout: 'fragmented' });
    await writeFile(faststart, (await readFile(faststart)).subarray(0, -600));
    expect(readStrictly(faststart).complaints[0]).toContain('outside of the file');
  });
});
