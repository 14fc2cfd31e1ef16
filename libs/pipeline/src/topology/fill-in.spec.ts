import { fillIn } from './fill-in';
import { MAX_TEXT } from './template-texts';

const value = (text: string, secret = false) => ({ text, path: 'p', secret });

describe('fillIn', () => {
  it('fills in texts wherever they lie, and says by path what each has used', () => {
    const camera = value('gate-1');
    const { filled, uses } = fillIn(
      { sources: [{ name: 'source', videoName: 'x-${camera}' }], processors: [] },
      'properties',
      new Map([['camera', camera]]),
    );
    expect(filled).toEqual({ sources: [{ name: 'source', videoName: 'x-gate-1' }], processors: [] });
    expect(uses.get('properties.sources[0].videoName')).toEqual([camera]);
    expect(uses.get('properties.sources[0].name')).toEqual([]);
  });

  it('stops soon after the longest text that any rule takes', () => {
    const { filled } = fillIn('${a}'.repeat(4_000), 'p', new Map([['a', value('y'.repeat(MAX_TEXT))]]));
    expect((filled as string).length).toBeGreaterThan(MAX_TEXT);
    expect((filled as string).length).toBeLessThanOrEqual(2 * MAX_TEXT);
  });
});
