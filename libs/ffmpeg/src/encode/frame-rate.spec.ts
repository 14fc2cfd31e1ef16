import { exactFrameRate } from './frame-rate';

describe('exactFrameRate', () => {
  it.each([
    [25, '25'],
    [12.5, '12.5'],
    [0.2, '0.2'],
    [23.98, '24000/1001'],
    [23.976, '24000/1001'],
    [29.97, '30000/1001'],
    [59.94, '60000/1001'],
    [30, '30'],
    [29.9, '29.9'],
  ])('writes %d as %s', (rate, written) => {
    expect(exactFrameRate(rate)).toBe(written);
  });
});
