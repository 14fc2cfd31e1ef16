import { parseArguments, UsageError } from './arguments';

it('reads a whole command line', () => {
  expect(
    parseArguments(
      '--input a.mp4 --video gate-1 --start 2026-11-01T05:20:00Z --segment-seconds 4 --repeat 3 --realtime --spool s'.split(
        ' ',
      ),
    ),
  ).toEqual({
    input: 'a.mp4',
    video: 'gate-1',
    start: Date.UTC(2026, 10, 1, 5, 20),
    segmentSeconds: 4,
    repeat: 3,
    realtime: true,
    spool: 's',
  });
});

it('needs only a video', () => {
  expect(parseArguments(['--video', 'gate-1'])).toEqual({
    video: 'gate-1',
    segmentSeconds: 30,
    repeat: 1,
    realtime: false,
    spool: 'spool',
  });
});

it('says everything that is wrong at once', () => {
  const parse = () => parseArguments('--video a/b --start now --segment-seconds 0 --repeat 1.5'.split(' '));
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(/--video(.|\n)*--start(.|\n)*--segment-seconds(.|\n)*--repeat/);
});

it.each([['--camera'], ['--video', 'a', 'b']])('refuses what it does not know: %s', (...argv) => {
  expect(() => parseArguments(argv)).toThrow(UsageError);
});
