import { wallTime, type WallTime } from '@clipmesh/media';
import { presetSettings } from '../encode/presets';
import type { EncoderSettings } from '../encode/encoder-settings';
import type { Problem } from '@clipmesh/errors';
import { definedMembers } from './defined-members';
import { fillIn } from './fill-in';
import { FilledTexts } from './filled-texts';
import { JsonObject } from './json-object';
import type { NodeContext } from './node-context';
import { ProblemList } from './problem-list';
import { readNodes, type Nodes } from './read-nodes';
import type { ResolvedPipeline } from './resolved-pipeline';
import { bindParameters, type BoundValue } from './resolve-parameters';
import { SYSTEM_VARIABLES } from './template';
import { parseTimeRanges, rangeLimitProblem, type RangeLimits } from './time-ranges';
import type { EncoderProcessor, ParameterValue, Topology } from './topology';

export interface ResolutionFacts {
  readonly topologyName: string;
  readonly jobName: string;
  readonly parameters: readonly ParameterValue[];
  /** The moment of resolution: what the date variables are, and what "ahead" is measured from. */
  readonly now: number;
  readonly limits: RangeLimits;
}

export type Resolution =
  { readonly pipeline: ResolvedPipeline } | { readonly problems: readonly [Problem, ...Problem[]] };

/** Fills a topology in with a job's parameters. Everything that is wrong is said at once; secrets are not shown. */
export function resolvePipeline(topology: Topology, facts: ResolutionFacts): Resolution {
  const problems = new ProblemList('ParameterInvalid');
  const now = wallTime(Math.floor(facts.now));
  const values = new Map([
    ...bindParameters(topology.properties.parameters, facts.parameters, problems),
    ...systemValues(facts, now),
  ]);
  const [first, ...rest] = problems.all();
  if (first !== undefined) {
    // Nothing can be said of texts that cannot be filled in.
    return { problems: [first, ...rest] };
  }
  return readFilledIn(topology, facts, values, problems, now);
}

function readFilledIn(
  topology: Topology,
  facts: ResolutionFacts,
  values: ReadonlyMap<string, BoundValue>,
  problems: ProblemList,
  now: WallTime,
): Resolution {
  const { sources, processors, sinks } = topology.properties;
  const { filled, uses } = fillIn({ sources, processors, sinks }, PROPERTIES, values);
  const properties = JsonObject.read(filled, PROPERTIES, problems);
  const texts = new FilledTexts(problems, uses);
  const context: NodeContext = { problems, nodes: [], readText: texts.readText };
  const nodes = properties && readNodes(properties, context);
  const pipeline = nodes && toPipeline(nodes, facts, texts, now);
  const [first, ...rest] = problems.all();
  if (first !== undefined || pipeline === undefined) {
    const incomplete: Problem = { code: 'TopologyInvalid', message: 'is no whole graph', target: PROPERTIES };
    return { problems: [first ?? incomplete, ...rest] };
  }
  return { pipeline };
}

const PROPERTIES = 'properties';

function toPipeline(
  nodes: Nodes,
  facts: ResolutionFacts,
  texts: FilledTexts,
  now: WallTime,
): ResolvedPipeline | undefined {
  const [source] = nodes.sources;
  const [sink] = nodes.sinks;
  const reading = source && parseTimeRanges(source.timeSequences.ranges);
  if (source === undefined || sink === undefined || reading === undefined || 'problem' in reading) {
    return undefined;
  }
  const problem = rangeLimitProblem(reading.ranges, facts.limits, now);
  if (problem !== undefined) {
    texts.refuse(
      'properties.sources[0].timeSequences.ranges',
      source.timeSequences.ranges,
      problem,
      'RangeInvalid',
    );
  }
  return definedMembers({
    topologyName: facts.topologyName,
    source: { videoName: source.videoName, ranges: reading.ranges },
    encoder: encoderOf(nodes.processors[0]),
    sink: definedMembers({
      videoName: sink.videoName,
      title: sink.videoCreationProperties?.title,
      description: sink.videoCreationProperties?.description,
    }),
  });
}

/** An encoder that leaves both tracks as they are is pass-through by another name. */
function encoderOf(node: EncoderProcessor | undefined): EncoderSettings | undefined {
  const settings = node && presetSettings(node.preset);
  return settings?.video === 'copy' && settings.audio === 'copy' ? undefined : settings;
}

function systemValues(facts: ResolutionFacts, now: WallTime): ReadonlyMap<string, BoundValue> {
  const precise = new Date(now).toISOString().replace(/[-:]/g, '');
  const value = (text: string): BoundValue => ({ text, path: PROPERTIES, secret: false });
  return new Map([
    [SYSTEM_VARIABLES.topologyName, value(facts.topologyName)],
    [SYSTEM_VARIABLES.pipelineName, value(facts.jobName)],
    [SYSTEM_VARIABLES.dateTime, value(precise.replace(/\.\d+/, ''))],
    [SYSTEM_VARIABLES.preciseDateTime, value(precise)],
  ]);
}
