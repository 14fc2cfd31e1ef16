import { mediaTool } from '@clipmesh/testkit';
import { availableEncoders, ENCODERS, type Encoder } from './available-encoders';

const SOURCES: Readonly<Record<Encoder, string>> = {
  libx264: 'color=size=64x64:rate=1',
  libx265: 'color=size=64x64:rate=1',
  aac: 'anullsrc',
};

/** Whether ffmpeg can make a second of it. */
async function works(encoder: Encoder): Promise<boolean> {
  const input = ['-f', 'lavfi', '-t', '1', '-i', SOURCES[encoder]];
  const run = mediaTool('ffmpeg', ['-v', 'error', ...input, '-c', encoder, '-f', 'null', '-']);
  return run.then(
    () => true,
    () => false,
  );
}

it('names exactly the encoders with which ffmpeg can encode', async () => {
  const verdicts = await Promise.all(ENCODERS.map(works));
  const able = ENCODERS.filter((_name, i) => verdicts[i]);
  expect(able).toContain('libx264');
  expect(await availableEncoders()).toEqual(able);
});
