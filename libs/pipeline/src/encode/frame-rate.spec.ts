import { exactFrameRate } from './frame-rate';

describe('exactFrameRate', () => {
  it.each([
    [25, '25/1'],
    [12.5, '25/2'],
    [0.2, '1/5'],
    [23.98, '24000/1001'],
    [23.976, '24000/1001'],
    [29.97, '30000/1001'],
    [59.94, '60000/1001'],
    [30, '30/1'],
    [29.9, '299/10'],
    [0.000001, '1/1000000'],
  ])('takes %d for %s', (rate, written) => {
    const { numerator, denominator } = exactFrameRate(rate);
    expect(`${numerator}/${denominator}`).toBe(written);
  });
});
