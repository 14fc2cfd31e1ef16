import { definedMembers } from './defined-members';
import type { ParameterDeclaration, ParameterValue, Topology } from './topology';

/** Names of the parameters whose values nobody is told again. */
export function secretParameters(topology: Topology): ReadonlySet<string> {
  const secrets = topology.properties.parameters.filter(({ type }) => type === 'SecretString');
  return new Set(secrets.map(({ name }) => name));
}

/** A job's parameters as an answer shows them: of a secret one only the name. */
export function redactParameters(
  parameters: readonly ParameterValue[],
  secrets: ReadonlySet<string>,
): readonly ParameterValue[] {
  return parameters.map(({ name, value }) =>
    secrets.has(name) ? { name } : definedMembers({ name, value }),
  );
}

/** Declarations as an answer shows them: without the defaults of secret ones. */
export function redactDefaults(
  declarations: readonly ParameterDeclaration[],
): readonly ParameterDeclaration[] {
  return declarations.map(({ default: fallback, ...declaration }) =>
    declaration.type === 'SecretString' ? declaration : definedMembers({ ...declaration, default: fallback }),
  );
}
