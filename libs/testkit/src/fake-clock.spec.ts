import { FakeClock } from './fake-clock';

describe('FakeClock', () => {
  it('stands still until it is moved', () => {
    const clock = new FakeClock(1_000);
    expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
    clock.advance(5);
    expect(clock.now()).toBe(1_005);
  });

  it('wakes only who has slept enough, the earliest first', async () => {
    const clock = new FakeClock(0);
    const woken: number[] = [];
    const sleeps = [30, 10, 20].map((ms) => clock.sleep(ms).then(() => woken.push(ms)));
    clock.advance(20);
    await Promise.all([sleeps[1], sleeps[2]]);
    expect(woken).toEqual([10, 20]);
    expect(clock.sleeping).toBe(1);
  });
});
