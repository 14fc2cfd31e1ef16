import type { ParameterType } from './topology';

const INT = /^[+-]?\d{1,10}$/;
const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What a text must be to be a value of the type; `undefined` when it is. The text itself is never repeated. */
export function parameterTypeProblem(type: ParameterType, text: string): string | undefined {
  switch (type) {
    case 'String':
    case 'SecretString':
      return undefined;
    case 'Int': {
      const value = INT.test(text) ? Number(text) : NaN;
      return value >= INT_MIN && value <= INT_MAX ? undefined : 'expected an Int: a whole number of 32 bits';
    }
    case 'Double':
      return DOUBLE.test(text) && Number.isFinite(Number(text))
        ? undefined
        : 'expected a Double: a decimal number';
    case 'Bool':
      return /^(true|false)$/i.test(text) ? undefined : 'expected a Bool: true or false';
  }
}
