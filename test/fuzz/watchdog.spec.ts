import { Watchdog } from './watchdog';

describe('the watchdog', () => {
  const seen = (...turns: number[]): boolean[] => {
    const watchdog = new Watchdog();
    return turns.map((turn) => watchdog.hangs(turn));
  };

  it('finds a turn that does not end', () => {
    expect(seen(5, 9, 9)).toEqual([false, false, true]);
  });

  it('leaves slow runs alone, of whatever target', () => {
    expect(seen(1, 2, 3, 4)).toEqual([false, false, false, false]);
  });

  it('waits for the first run for as long as it takes to start', () => {
    expect(seen(0, 0, 0, 1)).toEqual([false, false, false, false]);
  });
});
