import { JsonObject, readList, readString, type Member } from './json-object';
import { NAME_EXPECTED, NAME_PATTERN } from './name-pattern';
import type { ProblemList } from './problem-list';
import { quote } from './quote';
import type { TextRule } from './text-rules';
import type { NodeInput } from './topology';
import { readTypeName } from './type-names';

/** What the graph rules need to know of a node, whether or not the rest of it could be read. */
export interface NodeFacts {
  readonly role: 'source' | 'processor' | 'sink';
  readonly name: string | undefined;
  readonly path: string;
  readonly inputs: readonly InputFacts[];
}

export interface InputFacts {
  readonly nodeName: string | undefined;
  readonly path: string;
}

/** What reading nodes needs and leaves behind. */
export interface NodeContext {
  readonly problems: ProblemList;
  readonly nodes: NodeFacts[];
  /** Reads a text that may hold references (in a stored topology) or no more (in a resolved one). */
  readonly readText: (member: Member | undefined, rule: TextRule) => string | undefined;
}

/** What all nodes have, and the object to read the rest from. */
export interface NodeHead<T extends string> {
  readonly node: JsonObject;
  readonly type: T | undefined;
  readonly name: string | undefined;
  readonly inputs: readonly NodeInput[];
}

export function readNodeHead<T extends string>(
  element: Member,
  role: NodeFacts['role'],
  types: readonly T[],
  context: NodeContext,
): NodeHead<T> | undefined {
  const node = JsonObject.read(element.value, element.path, context.problems);
  if (node === undefined) {
    return undefined;
  }
  const type = readTypeName(node, types, context.problems);
  const name = readString(node.require('name'), context.problems);
  const inputs = role === 'source' ? [] : readInputs(node, context);
  if (role === 'source') {
    node.refuse('a source has no inputs', 'inputs');
  }
  context.nodes.push({ role, name, path: node.path, inputs });
  return {
    node,
    type,
    name: checkName(name, node.pathOf('name'), context.problems),
    inputs: inputs.flatMap(({ nodeName }) => (nodeName === undefined ? [] : [{ nodeName }])),
  };
}

function readInputs(node: JsonObject, context: NodeContext): readonly InputFacts[] {
  return readList(node.require('inputs'), context.problems).map((element) => {
    const input = JsonObject.read(element.value, element.path, context.problems);
    const nodeName = readString(input?.require('nodeName'), context.problems);
    input?.close();
    return { nodeName, path: input?.pathOf('nodeName') ?? element.path };
  });
}

/** Gives the name when it is one; a problem otherwise. */
export function checkName(name: string | undefined, path: string, problems: ProblemList): string | undefined {
  if (name === undefined || NAME_PATTERN.test(name)) {
    return name;
  }
  problems.add(path, `${quote(name)} is not ${NAME_EXPECTED}`);
  return undefined;
}
