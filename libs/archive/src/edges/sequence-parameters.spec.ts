import { canEncodeLike, pictureParameterSetId, readSequenceParameters } from './sequence-parameters';

/** Of 320 x 240 footage by x264. */
const SETS = {
  high: '6764000dacd94141fb011000000300100000030320f1429960',
  baseline: '6742c00dd90141fb011000000300100000030320f142a480',
  'high, 10 bits': '676e000da6cd94141fb011000003000100000300320f142996',
  'high, 4:2:2': '677a000dbcd94141fb011000000300100000030320f1429960',
  'high, 4:4:4': '67f4000d919b28283f6022000003000200000300641e28532c',
  'high, grey': '6764000df3650507ec05b2000003000200000300641e28532c',
  interlaced: '67640015acd941410fcb808800000300080000030190f8a14cb0',
  'another number': '6764000d32cd94141fb011000003000100000300320f142996',
};

const read = (name: keyof typeof SETS) => readSequenceParameters(Buffer.from(SETS[name], 'hex'));

describe('readSequenceParameters', () => {
  it.each([
    ['high', { id: 0, profile: 100, chromaFormat: 1, bitDepth: 8, isProgressive: true }],
    ['baseline', { id: 0, profile: 66, chromaFormat: 1, bitDepth: 8, isProgressive: true }],
    ['high, 10 bits', { id: 0, profile: 110, chromaFormat: 1, bitDepth: 10, isProgressive: true }],
    ['high, 4:2:2', { id: 0, profile: 122, chromaFormat: 2, bitDepth: 8, isProgressive: true }],
    ['high, 4:4:4', { id: 0, profile: 244, chromaFormat: 3, bitDepth: 8, isProgressive: true }],
    ['high, grey', { id: 0, profile: 100, chromaFormat: 0, bitDepth: 8, isProgressive: true }],
    ['interlaced', { id: 0, profile: 100, chromaFormat: 1, bitDepth: 8, isProgressive: false }],
    ['another number', { id: 5, profile: 100, chromaFormat: 1, bitDepth: 8, isProgressive: true }],
  ] as const)('reads %s', (name, parameters) => {
    expect(read(name)).toEqual(parameters);
  });

  it('tells what another encoder can go on with', () => {
    const names = Object.keys(SETS) as (keyof typeof SETS)[];
    expect(names.filter((name) => canEncodeLike(read(name)))).toEqual(['high', 'baseline', 'another number']);
  });

  it('reads scaling lists over', () => {
    // Lists are there: the first is the default one, the other seven are absent.
    const lists = '1'.concat('1', '000010001', '0'.repeat(7));
    const before = '01100100'.concat('0'.repeat(16), '1', '010', '1', '1', '0');
    const behind = '1'.concat('011', '010', '0', '000010100', '0001111', '1');
    const padded = `${before}${lists}${behind}`.padEnd(80, '0');
    const bytes = padded.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
    expect(readSequenceParameters(Uint8Array.from([0x67, ...bytes])).isProgressive).toBe(true);
  });

  it('takes damaged sets as if they went on with zeros', () => {
    expect(canEncodeLike(readSequenceParameters(Uint8Array.from([0x67, 100])))).toBe(false);
    expect(canEncodeLike(readSequenceParameters(new Uint8Array()))).toBe(false);
  });
});

it('reads the number of a picture parameter set', () => {
  expect(pictureParameterSetId(Buffer.from('68ebe3cb22c0', 'hex'))).toBe(0);
  expect(pictureParameterSetId(Buffer.from('6831abe3cb22c0', 'hex'))).toBe(5);
});
