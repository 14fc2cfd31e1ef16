import { definedMembers } from './defined-members';
import { JsonObject, readChoice, readList, readString, type Member } from './json-object';
import { checkName } from './node-context';
import { parameterTypeProblem } from './parameter-types';
import type { ProblemList } from './problem-list';
import { quote } from './quote';
import { MAX_TEXT, type Reference } from './template-texts';
import { PARAMETER_TYPES, type ParameterDeclaration } from './topology';

export interface DeclaredName {
  readonly name: string;
  readonly path: string;
}

export interface Declarations {
  readonly parameters: readonly ParameterDeclaration[];
  /** Every name that was declared, also where the rest of its declaration is wrong. */
  readonly names: readonly DeclaredName[];
}

export const MAX_DESCRIPTION = 2048;

export function readParameters(member: Member | undefined, problems: ProblemList): Declarations {
  const names: DeclaredName[] = [];
  const parameters = readList(member, problems).flatMap(
    (element) => readParameter(element, names, problems) ?? [],
  );
  return { parameters, names };
}

function readParameter(
  element: Member,
  names: DeclaredName[],
  problems: ProblemList,
): ParameterDeclaration | undefined {
  const object = JsonObject.read(element.value, element.path, problems);
  if (object === undefined) {
    return undefined;
  }
  const path = object.pathOf('name');
  const name = checkName(readString(object.require('name'), problems), path, problems);
  if (name !== undefined) {
    if (names.some((other) => other.name === name)) {
      problems.add(path, `${quote(name)} is declared twice`);
    }
    names.push({ name, path });
  }
  const type = readChoice(object.require('type'), PARAMETER_TYPES, problems);
  const description = readDescription(object, problems);
  const fallback = object.take('default');
  const text = readString(fallback, problems);
  if (fallback !== undefined && text !== undefined && type !== undefined) {
    const problem = valueProblem(type, text);
    if (problem !== undefined) {
      problems.add(fallback.path, problem);
    }
  }
  object.close();
  return name === undefined || type === undefined
    ? undefined
    : definedMembers({ name, type, description, default: text });
}

export function valueProblem(type: ParameterDeclaration['type'], text: string): string | undefined {
  return text.length > MAX_TEXT ? `is longer than ${MAX_TEXT} characters` : parameterTypeProblem(type, text);
}

export function readDescription(object: JsonObject, problems: ProblemList): string | undefined {
  const text = readString(object.take('description'), problems);
  if (text !== undefined && text.length > MAX_DESCRIPTION) {
    problems.add(object.pathOf('description'), `is longer than ${MAX_DESCRIPTION} characters`);
  }
  return text;
}

export function checkReferences(
  references: readonly Reference[],
  names: readonly DeclaredName[],
  problems: ProblemList,
): void {
  const declared = new Set(names.map(({ name }) => name));
  for (const { parameter, path } of references) {
    if (!declared.has(parameter)) {
      problems.add(path, `the parameter ${quote(parameter)} is not declared`);
    }
  }
  const used = new Set(references.map(({ parameter }) => parameter));
  for (const { name, path } of names) {
    if (!used.has(name)) {
      problems.add(path, `the parameter ${quote(name)} is declared and nowhere referenced`);
    }
  }
}
