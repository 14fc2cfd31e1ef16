import { jsonCodec } from './codec';

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('a value carries its format', () => {
  const encoded = jsonCodec<{ n: number }>(3).encode({ n: 1 });
  expect(JSON.parse(new TextDecoder().decode(encoded))).toEqual({ n: 1, format: 3 });
});

it('a value comes out as it went in', () => {
  const codec = jsonCodec<{ format: number; n: number }>(1);
  expect(codec.decode(codec.encode({ format: 1, n: 1 }))).toEqual({ format: 1, n: 1 });
});

it('a newer format is refused', () => {
  expect(thrownBy(() => jsonCodec(1).decode(bytes('{"format":2}')))).toMatchObject({
    code: 'FormatUnsupported',
    details: { found: 2, known: 1 },
  });
});

it('an older format is upgraded', () => {
  const codec = jsonCodec<{ count: number }>(2, (older) => ({ count: Number(older['n']) }));
  expect(codec.decode(bytes('{"format":1,"n":7}'))).toEqual({ count: 7 });
});

it.each([
  ['no JSON', 'x'],
  ['no object', '1'],
  ['no format', '{}'],
  ['a format that is no number', '{"format":"1"}'],
])('%s is a defect', (_, text) => {
  expect(thrownBy(() => jsonCodec(1).decode(bytes(text)))).toMatchObject({ code: 'InternalError' });
});
