import type { InputFacts, NodeFacts } from './node-context';
import type { ProblemList } from './problem-list';
import { quote } from './quote';

/**
 * The graphs that run: VideoSource → VideoSink (pass-through) and VideoSource → EncoderProcessor → VideoSink.
 * No branches, no fan-in, one of each.
 */
export function checkGraph(nodes: readonly NodeFacts[], problems: ProblemList): void {
  checkCount(nodes, 'source', 1, problems);
  checkCount(nodes, 'processor', 0, problems);
  checkCount(nodes, 'sink', 1, problems);
  checkNamesDiffer(nodes, problems);
  for (const node of nodes) {
    if (node.role !== 'source') {
      checkInputs(node, nodes, problems);
    }
  }
}

const WHAT = { source: 'video source', processor: 'encoder', sink: 'video sink' } as const;

function checkCount(
  nodes: readonly NodeFacts[],
  role: NodeFacts['role'],
  least: number,
  problems: ProblemList,
): void {
  const [first, ...others] = nodes.filter((node) => node.role === role);
  if (first === undefined && least > 0) {
    problems.add(`properties.${role}s`, `a topology has one ${WHAT[role]}`);
  }
  for (const other of others) {
    problems.add(other.path, `a topology has at most one ${WHAT[role]}`);
  }
}

function checkNamesDiffer(nodes: readonly NodeFacts[], problems: ProblemList): void {
  const seen = new Set<string>();
  for (const { name, path } of nodes) {
    if (name !== undefined && seen.has(name)) {
      problems.add(`${path}.name`, `${quote(name)} is the name of another node too`);
    }
    seen.add(name ?? '');
  }
}

function checkInputs(node: NodeFacts, nodes: readonly NodeFacts[], problems: ProblemList): void {
  const [first, ...others] = node.inputs;
  if (first === undefined) {
    problems.add(`${node.path}.inputs`, `the ${WHAT[node.role]} needs one input`);
  } else {
    checkInput(node, first, nodes, problems);
  }
  for (const other of others) {
    problems.add(other.path, `the ${WHAT[node.role]} takes one input only`);
  }
}

/** A sink is fed by the encoder when there is one, so that no node is left hanging. */
function checkInput(
  node: NodeFacts,
  input: InputFacts,
  nodes: readonly NodeFacts[],
  problems: ProblemList,
): void {
  if (input.nodeName === undefined) {
    return;
  }
  const feeder = nodes.find((candidate) => candidate.name === input.nodeName);
  if (feeder === undefined) {
    problems.add(input.path, `no node has the name ${quote(input.nodeName)}`);
    return;
  }
  const hasEncoder = nodes.some((candidate) => candidate.role === 'processor');
  const wanted = node.role === 'sink' && hasEncoder ? 'processor' : 'source';
  if (feeder.role !== wanted) {
    const is = feeder === node ? 'this very node' : `a ${WHAT[feeder.role]}`;
    problems.add(
      input.path,
      `the ${WHAT[node.role]} takes its input from the ${WHAT[wanted]}; ${quote(input.nodeName)} is ${is}`,
    );
  }
}
