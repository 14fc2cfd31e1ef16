import { parseEncoders } from './available-encoders';

const LIST = `Encoders:
 V..... = Video
 A..... = Audio
 .....D = Supports direct rendering method 1
 ------
 V....D libx264              libx264 H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10 (codec h264)
 VF...D libx264rgb           libx264 H.264 RGB (codec h264)
 A..... aac                  AAC (Advanced Audio Coding)
 S..... ssa                  ASS (Advanced SubStation Alpha) subtitle (codec ass)
`;

it('reads every name, and none of the words about flags', () => {
  expect([...parseEncoders(LIST)]).toEqual(['libx264', 'libx264rgb', 'aac', 'ssa']);
});

it.each([
  ['nothing', ''],
  ['no list', 'ffmpeg version 5.1\n'],
  ['a line of another form', `${LIST} X..... new  A kind of media that is not known\n`],
  ['a line that is cut off', `${LIST} V....D libx2`],
])('refuses %s', (_what, list) => {
  expect(() => parseEncoders(list)).toThrow('did not say in its usual words');
});
