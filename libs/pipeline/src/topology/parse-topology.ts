import type { Problem } from '@clipmesh/errors';
import { definedMembers } from './defined-members';
import { checkGraph } from './graph-rules';
import { JsonObject, readChoice } from './json-object';
import type { NodeContext } from './node-context';
import { ProblemList } from './problem-list';
import { readNodes } from './read-nodes';
import { checkReferences, readDescription, readParameters } from './read-parameters';
import { TemplateTexts } from './template-texts';
import type { Topology, TopologyProperties } from './topology';

export type TopologyReading =
  { readonly topology: Topology } | { readonly problems: readonly [Problem, ...Problem[]] };

/**
 * Reads the body of a topology, in AVA's final names or in those of the tutorial's draft, and gives it in the
 * final ones. Says everything that is wrong at once, each with its path. Read-only members may be there.
 */
export function parseTopology(body: unknown): TopologyReading {
  const problems = new ProblemList('TopologyInvalid');
  const root = JsonObject.read(body, '', problems);
  const properties = root && readRoot(root, problems);
  const [first, ...rest] = problems.all();
  if (first !== undefined || properties === undefined) {
    return {
      problems: [first ?? { code: 'TopologyInvalid', message: 'is missing', target: 'properties' }, ...rest],
    };
  }
  return { topology: { kind: 'Batch', sku: { name: 'Batch_S1' }, properties } };
}

function readRoot(root: JsonObject, problems: ProblemList): TopologyProperties | undefined {
  readKind(root, problems);
  const member = root.require('properties');
  const properties = member && JsonObject.read(member.value, member.path, problems);
  // What every answer has beside the body; the name is the caller's to compare.
  root.ignore('id', 'name', 'type', 'systemData');
  root.close();
  return properties && readProperties(properties, problems);
}

function readKind(root: JsonObject, problems: ProblemList): void {
  const kind = readChoice(root.require('kind'), ['Batch', 'Live'], problems);
  if (kind === 'Live') {
    problems.add('kind', 'live topologies are not run here: recorders put segments, topologies export them');
  }
  const member = root.require('sku');
  const sku = member && JsonObject.read(member.value, member.path, problems);
  const name = readChoice(sku?.require('name'), ['Batch_S1', 'Live_S1'], problems);
  if (name === 'Live_S1') {
    problems.add('sku.name', 'Live_S1 is for live topologies; a batch topology has Batch_S1');
  }
  sku?.ignore('tier');
  sku?.close();
}

function readProperties(properties: JsonObject, problems: ProblemList): TopologyProperties {
  const texts = new TemplateTexts(problems);
  const context: NodeContext = { problems, nodes: [], readText: texts.readText };
  const description = readDescription(properties, problems);
  const { parameters, names } = readParameters(properties.take('parameters'), problems);
  const nodes = readNodes(properties, context);
  properties.close();
  checkGraph(context.nodes, problems);
  checkReferences(texts.references, names, problems);
  return definedMembers({ description, parameters, ...nodes });
}
