import { wallTime } from '@clipmesh/media';
import { SegmentClock } from './segment-clock';

it('announces starts that stay within half a millisecond of the media, however many segments there are', () => {
  // 30000/1001 fps: a segment of 900 frames lasts 30,030 ms, one of 899 frames 29,996.6333 ms.
  const clock = new SegmentClock(wallTime(1_000_000), 30_000);
  for (let n = 0; n < 10_000; n++) {
    clock.advance(899 * 1001);
  }
  const exactMs = 1_000_000 + (10_000 * 899 * 1001) / 30;
  expect(Math.abs(clock.now() - exactMs)).toBeLessThanOrEqual(0.5);
});
