import { parameterTypeProblem } from './parameter-types';
import type { ParameterType } from './topology';

describe('parameterTypeProblem', () => {
  it.each<[ParameterType, string]>([
    ['String', ''],
    ['SecretString', 'anything'],
    ['Int', '-2147483648'],
    ['Int', '2147483647'],
    ['Int', '+7'],
    ['Double', '-1.5e-3'],
    ['Double', '.5'],
    ['Double', '5.'],
    ['Bool', 'true'],
    ['Bool', 'False'],
  ])('takes for %s the text "%s"', (type, text) => {
    expect(parameterTypeProblem(type, text)).toBeUndefined();
  });

  it.each<[ParameterType, string]>([
    ['Int', '2147483648'],
    ['Int', '-2147483649'],
    ['Int', '99999999999999999999'],
    ['Int', '1.0'],
    ['Int', ''],
    ['Int', ' 1'],
    ['Int', '0x10'],
    ['Double', 'NaN'],
    ['Double', 'Infinity'],
    ['Double', '1e999'],
    ['Double', '.'],
    ['Double', ''],
    ['Bool', '1'],
    ['Bool', ''],
  ])('refuses for %s the text "%s"', (type, text) => {
    expect(parameterTypeProblem(type, text)).toContain(type);
  });
});
