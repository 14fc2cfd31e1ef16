import { SAMPLES } from './samples';
import { redactDefaults, redactParameters, secretParameters } from './secrets';
import type { ParameterDeclaration } from './topology';

const DECLARATIONS: readonly ParameterDeclaration[] = [
  { name: 'open', type: 'String', default: 'a' },
  { name: 'key', type: 'SecretString', default: 'hush', description: 'd' },
];

describe('secrets', () => {
  it('are the parameters of type SecretString', () => {
    const sample = SAMPLES[0]!.topology;
    const topology = { ...sample, properties: { ...sample.properties, parameters: DECLARATIONS } };
    expect([...secretParameters(topology)]).toEqual(['key']);
  });

  it('keep only their names among the values of a job', () => {
    const given = [{ name: 'open', value: 'a' }, { name: 'key', value: 'hush' }, { name: 'bare' }];
    expect(redactParameters(given, new Set(['key']))).toEqual([
      { name: 'open', value: 'a' },
      { name: 'key' },
      { name: 'bare' },
    ]);
  });

  it('lose their defaults among the declarations', () => {
    expect(redactDefaults(DECLARATIONS)).toEqual([
      { name: 'open', type: 'String', default: 'a' },
      { name: 'key', type: 'SecretString', description: 'd' },
    ]);
  });
});
