import { frameHashes } from '@clipmesh/testkit';
import { clipJob } from '@clipmesh/local';
import { secondsAfter, withWorld } from './world';

const world = withWorld();
const START = '2026-11-01T05:20:00.000Z';
const FPS = 25;

describe('two recordings of one video with 15 s of nothing between them', () => {
  const files: string[] = [];
  beforeAll(async () => {
    const footage = { seconds: 20, fps: FPS, gopSeconds: 1, audio: true };
    files.push((await world().record('yard', START, footage)).file);
    files.push((await world().record('yard', secondsAfter(START, 35), { ...footage, seconds: 12 })).file);
  }, 120_000);

  it('closes the gap in a range over three segments, and reports it', async () => {
    const range = [secondsAfter(START, 8), secondsAfter(START, 40)] as const;
    const job = await world().export({ name: 'over-gap', sourceVideo: 'yard', ranges: [range] });
    const gap = { start: secondsAfter(START, 20), end: secondsAfter(START, 35) };
    expect(job.properties).toMatchObject({ state: 'Completed', progress: { gaps: [gap] } });
    const shown = await frameHashes(await world().download('over-gap'));
    const [before, after] = await Promise.all(files.map((file) => frameHashes(file)));
    const wanted = [...before!.slice(8 * FPS), ...after!.slice(0, 5 * FPS)];
    expect(shown.map(({ hash }) => hash)).toEqual(wanted.map(({ hash }) => hash));
  }, 60_000);

  it('fails where the job asked to fail at gaps', async () => {
    const range = [secondsAfter(START, 8), secondsAfter(START, 40)] as const;
    const options = { gaps: 'fail' };
    const job = await world().export({ name: 'no-gaps', sourceVideo: 'yard', ranges: [range], options });
    expect(job.properties).toMatchObject({ state: 'Failed', error: { code: 'RangeHasGaps' } });
  }, 60_000);

  it('fails with the name of the video where nothing of the range is recorded', async () => {
    const range = [secondsAfter(START, 300), secondsAfter(START, 310)] as const;
    const job = await world().export({ name: 'outside', sourceVideo: 'yard', ranges: [range] });
    expect(job.properties).toMatchObject({ state: 'Failed', error: { code: 'SetupValidationFailure' } });
    expect(job.properties.error?.message).toContain('yard');
  }, 60_000);

  it('accepts a job whose source video does not exist, and then fails it by name', async () => {
    const range = [START, secondsAfter(START, 10)] as const;
    const job = await world().export({ name: 'no-source', sourceVideo: 'nowhere', ranges: [range] });
    expect(job.properties).toMatchObject({ state: 'Failed', error: { code: 'SetupValidationFailure' } });
    expect(job.properties.error?.message).toContain('nowhere');
  }, 60_000);

  it('overwrites no video: a taken output name fails the job', async () => {
    const clip = { sourceVideo: 'yard', ranges: [[START, secondsAfter(START, 5)]] as const };
    await world().export({ ...clip, name: 'taken' });
    const body = { ...clip, name: 'taken-again' };
    const { parameters, ...rest } = clipJob(body);
    const named = parameters.map((p) => (p.name === 'exportedVideoName' ? { ...p, value: 'taken' } : p));
    await world().client.putJob({ ...rest, parameters: named });
    const job = await world().client.jobEnd('taken-again');
    expect(job.properties).toMatchObject({ state: 'Failed', error: { code: 'OutputVideoExists' } });
  }, 60_000);
});

describe('a job put again', () => {
  const clip = { name: 'again', sourceVideo: 'yard', ranges: [[START, secondsAfter(START, 5)]] as const };

  it('is the same job with the same body', async () => {
    const first = await world().export(clip);
    const second = await world().export(clip);
    expect(second.id).toBe(first.id);
    expect(await world().keys('exports', `${first.id}/`)).toHaveLength(2);
  }, 60_000);

  it('is a conflict with another body', async () => {
    const other = { ...clip, ranges: [[START, secondsAfter(START, 6)]] as const };
    await expect(world().export(other)).rejects.toMatchObject({ code: 'JobConflict' });
  });
});
