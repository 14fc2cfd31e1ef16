import { figuresOf } from './statistics';

it('takes median and p95 by nearest rank, whatever the order of the runs', () => {
  const values = Array.from({ length: 20 }, (_, index) => 20 - index);
  expect(figuresOf(values)).toEqual({ median: 10, p95: 19, min: 1, max: 20, runs: 20 });
});

it('gives a single run as every figure', () => {
  expect(figuresOf([3])).toEqual({ median: 3, p95: 3, min: 3, max: 3, runs: 1 });
});

it('refuses to make figures of nothing', () => {
  expect(() => figuresOf([])).toThrow('no runs');
});
