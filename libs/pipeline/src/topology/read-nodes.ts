import { readList, type JsonObject } from './json-object';
import type { NodeContext } from './node-context';
import { readEncoder } from './read-encoder';
import { readSink } from './read-sink';
import { readSource } from './read-source';
import type { TopologyProperties } from './topology';

export type Nodes = Pick<TopologyProperties, 'sources' | 'processors' | 'sinks'>;

/** Reads the nodes of a graph as far as they can be read; each problem goes to the context. */
export function readNodes(properties: JsonObject, context: NodeContext): Nodes {
  const sources = readList(properties.take('sources'), context.problems);
  const processors = readList(properties.take('processors'), context.problems);
  const sinks = readList(properties.take('sinks'), context.problems);
  return {
    sources: sources.flatMap((element) => readSource(element, context) ?? []),
    processors: processors.flatMap((element) => readEncoder(element, context) ?? []),
    sinks: sinks.flatMap((element) => readSink(element, context) ?? []),
  };
}
