import { wallTime } from '@clipmesh/media';
import { HOUR_MS, hourOf, hoursOf } from './hours';

const range = (startHours: number, endHours: number) => ({
  startMs: wallTime(startHours * HOUR_MS),
  endMs: wallTime(endHours * HOUR_MS),
});

describe('hours of the catalog', () => {
  it('puts a segment into the hour of its start', () => {
    expect([0, HOUR_MS - 1, HOUR_MS].map((ms) => hourOf(wallTime(ms)))).toEqual([0, 0, 1]);
  });

  it.each([
    ['inside an hour', range(100.25, 100.5), [99, 100]],
    ['up to the full hour', range(100.25, 101), [99, 100]],
    ['over the full hour', range(100.25, 101.01), [99, 100, 101]],
    ['at the beginning of time', range(0, 0.5), [0]],
  ])('looks one hour further back for a range %s', (_, asked, hours) => {
    expect(hoursOf(asked)).toEqual(hours);
  });

  it('looks at 25 hours for a day', () => {
    expect(hoursOf(range(24, 48))).toHaveLength(25);
  });
});
