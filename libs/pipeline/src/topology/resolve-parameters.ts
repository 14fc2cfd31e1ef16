import type { ErrorCode } from '@clipmesh/errors';
import type { ProblemList } from './problem-list';
import { quote } from './quote';
import { valueProblem } from './read-parameters';
import type { ParameterDeclaration, ParameterValue } from './topology';

/** A value that stands in for `${name}`, and where it was given. */
export interface BoundValue {
  readonly text: string;
  /** Path in the job's body; the list itself for a default. */
  readonly path: string;
  /** Never to be shown. */
  readonly secret: boolean;
}

const LIST = 'properties.parameters';
const CODE: ErrorCode = 'ParameterInvalid';

/**
 * Gives every declared parameter its value: the job's, or the default. Unknown, repeated, missing and ill-typed
 * ones are each named. The paths are those of a job's body.
 */
export function bindParameters(
  declarations: readonly ParameterDeclaration[],
  given: readonly ParameterValue[],
  problems: ProblemList,
): ReadonlyMap<string, BoundValue> {
  checkGiven(declarations, given, problems);
  const bound = new Map<string, BoundValue>();
  for (const declaration of declarations) {
    const { name, type } = declaration;
    const index = given.findIndex((value) => value.name === name);
    const value = given[index]?.value;
    const text = value ?? declaration.default;
    const path = value === undefined ? LIST : `${LIST}[${index}].value`;
    if (text === undefined) {
      problems.add(LIST, `the parameter ${quote(name)} has no default and needs a value`, CODE);
      continue;
    }
    const problem = valueProblem(type, text);
    if (problem !== undefined) {
      problems.add(path, `${quote(name)}: ${problem}`, CODE);
    }
    bound.set(name, {
      text: type === 'Bool' ? text.toLowerCase() : text,
      path,
      secret: type === 'SecretString',
    });
  }
  return bound;
}

function checkGiven(
  declarations: readonly ParameterDeclaration[],
  given: readonly ParameterValue[],
  problems: ProblemList,
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of given.entries()) {
    const path = `${LIST}[${index}].name`;
    if (!declarations.some((declaration) => declaration.name === name)) {
      problems.add(path, `the topology declares no parameter ${quote(name)}`, CODE);
    } else if (seen.has(name)) {
      problems.add(path, `the parameter ${quote(name)} is given twice`, CODE);
    }
    seen.add(name);
  }
}
