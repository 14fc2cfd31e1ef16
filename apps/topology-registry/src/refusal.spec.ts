import { refusal } from './refusal';

const problem = (target: string) => ({ code: 'RangeInvalid', message: 'is wrong', target }) as const;

describe('refusal', () => {
  it('is about the first problem and carries all of them', () => {
    expect(refusal([problem('a'), problem('b')])).toMatchObject({
      code: 'RangeInvalid',
      message: 'a: is wrong (and 1 more, see details)',
      target: 'a',
      problems: [problem('a'), problem('b')],
    });
  });

  it('says nothing of more when there is no more', () => {
    expect(refusal([problem('a')]).message).toBe('a: is wrong');
  });
});
