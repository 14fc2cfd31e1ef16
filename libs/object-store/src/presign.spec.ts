import { contentDisposition } from './presign';

describe('contentDisposition', () => {
  it.each([
    ['plain', 'clip.mp4', `attachment; filename="clip.mp4"; filename*=UTF-8''clip.mp4`],
    [
      'quotes and slashes',
      'a"b/c\\d.mp4',
      `attachment; filename="a_b_c_d.mp4"; filename*=UTF-8''a%22b%2Fc%5Cd.mp4`,
    ],
    ['not ASCII', 'Süd.mp4', `attachment; filename="S_d.mp4"; filename*=UTF-8''S%C3%BCd.mp4`],
    [
      'a header of its own',
      'a\r\nSet-Cookie: x',
      `attachment; filename="a__Set-Cookie: x"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x`,
    ],
  ])('names the file: %s', (_what, fileName, header) => {
    expect(contentDisposition(fileName)).toBe(header);
  });
});
