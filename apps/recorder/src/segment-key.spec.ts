import { wallTime } from '@clipmesh/media';
import { segmentKey } from './segment-key';

it('puts a segment under the UTC hour of its start', () => {
  const start = wallTime(Date.UTC(2026, 10, 1, 5, 20, 0, 7));
  expect(segmentKey('gate-1', start, 12)).toBe('gate-1/2026/11/01/05/1793510400007-12.mp4');
});
