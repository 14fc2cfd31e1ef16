import { copySourceOf } from './object-ref';

describe('copySourceOf', () => {
  it.each([
    ['plain', 'a/b.mp4', '/archive/a/b.mp4'],
    ['reserved characters', 'a?b#c%d+e f', '/archive/a%3Fb%23c%25d%2Be%20f'],
    ['not ASCII', 'hof/Süd.mp4', '/archive/hof/S%C3%BCd.mp4'],
    ['what encodeURIComponent leaves', "!'()*", '/archive/%21%27%28%29%2A'],
  ])('escapes each segment of the key: %s', (_what, key, source) => {
    expect(copySourceOf({ bucket: 'archive', key })).toBe(source);
  });
});
