import { frameHashes, probeFile } from '@clipmesh/testkit';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;

describe('a recording of 35 s in segments of 10 s, with sound and B-frames', () => {
  let file = '';
  beforeAll(async () => {
    const footage = { seconds: 35, fps: FPS, gopSeconds: 2, bFrames: 2, audio: true };
    ({ file } = await world().record('gate-1', START, footage));
  }, 120_000);

  it('exports its own pictures, bit for bit, from the first to the last frame asked for', async () => {
    const range = [secondsAfter(START, 7.52), secondsAfter(START, 28.2)] as const;
    const job = await world().export({ name: 'own-bits', sourceVideo: 'gate-1', ranges: [range] });
    expect(job.properties).toMatchObject({ state: 'Completed' });
    const shown = await frameHashes(await world().download('own-bits'));
    const recorded = await frameHashes(file);
    expect(shown.map(({ hash }) => hash)).toEqual(
      recorded.slice(7.52 * FPS, 28.2 * FPS).map(({ hash }) => hash),
    );
  }, 60_000);

  it('says what was delivered, and that nothing is missing', async () => {
    const { properties } = await world().client.getVideo('own-bits');
    expect(properties.mediaInfo?.delivered).toEqual([
      { start: secondsAfter(START, 7.52), end: secondsAfter(START, 28.2) },
    ]);
    expect(properties.mediaInfo?.gaps).toEqual([]);
  });

  it('keeps sound and picture together in the exported file', async () => {
    const { streams } = await probeFile(await world().download('own-bits'));
    expect(streams.map((stream) => stream.codec_name)).toEqual(['h264', 'aac']);
    for (const stream of streams) {
      expect(Number(stream.start_time)).toBeCloseTo(0, 1);
      expect(Number(stream.duration)).toBeCloseTo(28.2 - 7.52, 1);
    }
  });

  it('encodes exactly the frames whose time lies in the range', async () => {
    const range = [secondsAfter(START, 7.53), secondsAfter(START, 19.61)] as const;
    const preset = 'SingleLayer_540p_H264_AAC';
    const job = await world().export({ name: 'encoded', sourceVideo: 'gate-1', ranges: [range], preset });
    expect(job.properties).toMatchObject({ state: 'Completed' });
    const path = await world().download('encoded');
    // Frames lie at multiples of 40 ms: the first at or after 7.53 s is 189, the first at or after 19.61 s is 491.
    expect(await frameHashes(path)).toHaveLength(491 - 189);
    const { streams } = await probeFile(path);
    expect(streams[0]).toMatchObject({
      codec_name: 'h264',
      width: 720,
      height: 540,
      codec_tag_string: 'avc1',
    });
    expect(streams[1]).toMatchObject({ codec_name: 'aac', sample_rate: '48000', channels: 2 });
  }, 120_000);

  it('joins two ranges of one job in their order', async () => {
    const later = [secondsAfter(START, 22), secondsAfter(START, 24)] as const;
    const earlier = [secondsAfter(START, 4), secondsAfter(START, 6)] as const;
    const job = await world().export({ name: 'two', sourceVideo: 'gate-1', ranges: [later, earlier] });
    expect(job.properties).toMatchObject({ state: 'Completed' });
    const shown = await frameHashes(await world().download('two'));
    const recorded = await frameHashes(file);
    const wanted = [...recorded.slice(22 * FPS, 24 * FPS), ...recorded.slice(4 * FPS, 6 * FPS)];
    expect(shown.map(({ hash }) => hash)).toEqual(wanted.map(({ hash }) => hash));
  }, 60_000);

  it('leaves nothing in the work bucket, and one file and one manifest per export', async () => {
    const { client, cleaned, keys } = world();
    for (const name of ['own-bits', 'encoded', 'two']) {
      await cleaned(await client.getJob(name));
    }
    expect(await keys('work')).toEqual([]);
    const exported = await keys('exports');
    expect(exported.filter((key) => key.endsWith('/export.mp4'))).toHaveLength(3);
    expect(exported.filter((key) => key.endsWith('/manifest.json'))).toHaveLength(3);
    expect(exported).toHaveLength(6);
  }, 60_000);
});
