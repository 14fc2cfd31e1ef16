import { parseTopology } from './parse-topology';
import { bodyWith, problemsOf, sample, type Json } from './test-bodies';

const VIDEO_EXPORT = sample('video-export');

describe('parseTopology refuses', () => {
  const node = (name: string, nodeName: string): Json => ({
    ...(VIDEO_EXPORT.properties.sinks[0] as unknown as Json),
    name,
    inputs: [{ nodeName }],
  });
  const source = VIDEO_EXPORT.properties.sources[0]!;
  const processor = VIDEO_EXPORT.properties.processors[0]!;

  it.each<[string, string, unknown, string]>([
    ['a kind nobody knows', 'kind', 'Edge', 'kind: "Edge" is not one of'],
    ['a live topology', 'kind', 'Live', 'kind: live topologies are not run here'],
    ['the sku of a live one', 'sku.name', 'Live_S1', 'sku.name: Live_S1 is for live topologies'],
    ['no kind', 'kind', undefined, 'kind: is missing'],
    ['no sku', 'sku', undefined, 'sku: is missing'],
    ['no properties', 'properties', undefined, 'properties: is missing'],
    ['an unknown member', 'tags', {}, 'tags: unknown member "tags"'],
    ['a text for a graph', 'properties', 'x', 'properties: expected an object, got string'],
    ['a long description', 'properties.description', 'x'.repeat(2049), 'properties.description: is longer'],
    ['no sources', 'properties.sources', [], 'properties.sources: a topology has one video source'],
    [
      'two sources',
      'properties.sources',
      [source, { ...source, name: 's2' }],
      'properties.sources[1]: a topology has at most one video source',
    ],
    [
      'two encoders',
      'properties.processors',
      [processor, { ...processor, name: 'e2' }],
      'properties.processors[1]: a topology has at most one encoder',
    ],
    ['no sink', 'properties.sinks', [], 'properties.sinks: a topology has one video sink'],
    [
      'two sinks',
      'properties.sinks',
      [node('a', 'encoderProcessor'), node('b', 'encoderProcessor')],
      'properties.sinks[1]: a topology has at most one video sink',
    ],
    [
      'a name used twice',
      'properties.sinks.0.name',
      'videoSource',
      'properties.sinks[0].name: "videoSource" is the name of another node too',
    ],
    [
      'a node name with a blank',
      'properties.sources.0.name',
      'a b',
      'properties.sources[0].name: "a b" is not a name',
    ],
    ['no node name', 'properties.sources.0.name', undefined, 'properties.sources[0].name: is missing'],
    [
      'an input nobody has',
      'properties.sinks.0.inputs',
      [{ nodeName: 'x' }],
      'properties.sinks[0].inputs[0].nodeName: no node has the name "x"',
    ],
    [
      'a sink past its encoder',
      'properties.sinks.0.inputs',
      [{ nodeName: 'videoSource' }],
      'properties.sinks[0].inputs[0].nodeName: the video sink takes its input from the encoder',
    ],
    [
      'a node that feeds itself',
      'properties.processors.0.inputs',
      [{ nodeName: 'encoderProcessor' }],
      'properties.processors[0].inputs[0].nodeName: the encoder takes its input from the video source; "encoderProcessor" is this very node',
    ],
    [
      'a fan-in',
      'properties.sinks.0.inputs',
      [{ nodeName: 'encoderProcessor' }, { nodeName: 'videoSource' }],
      'properties.sinks[0].inputs[1].nodeName: the video sink takes one input only',
    ],
    [
      'no input',
      'properties.sinks.0.inputs',
      [],
      'properties.sinks[0].inputs: the video sink needs one input',
    ],
    [
      'inputs of a source',
      'properties.sources.0.inputs',
      [],
      'properties.sources[0].inputs: a source has no inputs',
    ],
    [
      'output selectors',
      'properties.sinks.0.inputs',
      [{ nodeName: 'encoderProcessor', outputSelectors: [] }],
      'properties.sinks[0].inputs[0].outputSelectors: unknown member',
    ],
    [
      'an RTSP source',
      'properties.sources.0.@type',
      '#Microsoft.VideoAnalyzer.RtspSource',
      'properties.sources[0].@type: an RtspSource belongs to live topologies',
    ],
    [
      'an unknown node',
      'properties.processors.0.@type',
      '#Microsoft.VideoAnalyzer.MotionDetectionProcessor',
      'properties.processors[0].@type: "#Microsoft',
    ],
    ['no node type', 'properties.sinks.0.@type', undefined, 'properties.sinks[0].@type: is missing'],
    [
      'a segment length',
      'properties.sinks.0.videoCreationProperties',
      { segmentLength: 'PT30S' },
      'properties.sinks[0].videoCreationProperties.segmentLength: belongs to live topologies',
    ],
    [
      'a retention',
      'properties.sinks.0.videoCreationProperties',
      { retentionPeriod: 'P1D' },
      'properties.sinks[0].videoCreationProperties.retentionPeriod: belongs to live topologies',
    ],
    [
      'publishing options',
      'properties.sinks.0.videoPublishingOptions',
      {},
      'properties.sinks[0].videoPublishingOptions: belongs to live topologies',
    ],
    [
      'a title of 257',
      'properties.sinks.0.videoCreationProperties',
      { title: 't'.repeat(257) },
      'properties.sinks[0].videoCreationProperties.title: ',
    ],
    [
      'a description of 2049',
      'properties.sinks.0.videoCreationProperties',
      { description: 't'.repeat(2049) },
      'properties.sinks[0].videoCreationProperties.description: ',
    ],
    [
      'no video name',
      'properties.sources.0.videoName',
      undefined,
      'properties.sources[0].videoName: is missing',
    ],
    [
      'a video name with a slash',
      'properties.sources.0.videoName',
      'a/b',
      'properties.sources[0].videoName: "a/b" is not a name',
    ],
    [
      'a number for a name',
      'properties.sources.0.videoName',
      7,
      'properties.sources[0].videoName: expected a string, got number: write "7"',
    ],
    [
      'no time sequences',
      'properties.sources.0.timeSequences',
      undefined,
      'properties.sources[0].timeSequences: is missing',
    ],
    [
      'a bad range',
      'properties.sources.0.timeSequences.ranges',
      '[["2020","2021"]]',
      'properties.sources[0].timeSequences.ranges: "2020" is no RFC 3339 time',
    ],
    ['no preset', 'properties.processors.0.preset', undefined, 'properties.processors[0].preset: is missing'],
    [
      'an undeclared parameter',
      'properties.sources.0.videoName',
      '${camera}',
      'properties.sources[0].videoName: the parameter "camera" is not declared',
    ],
    [
      'an open reference',
      'properties.sources.0.videoName',
      '${camera',
      'properties.sources[0].videoName: a ${ without its }',
    ],
    [
      'an unknown system variable',
      'properties.sources.0.videoName',
      '${System.Host}',
      'properties.sources[0].videoName: no system variable "System.Host"',
    ],
    [
      'a date in a video name',
      'properties.sinks.0.videoName',
      'a-${System.Runtime.DateTime}',
      'properties.sinks[0].videoName: ${System.Runtime.DateTime} may only stand in a title',
    ],
    [
      'an unused parameter',
      'properties.parameters.4',
      { name: 'spare', type: 'Int' },
      'properties.parameters[4].name: the parameter "spare" is declared and nowhere referenced',
    ],
    [
      'a parameter declared twice',
      'properties.parameters.4',
      { name: 'preset', type: 'Int' },
      'properties.parameters[4].name: "preset" is declared twice',
    ],
    [
      'an unknown parameter type',
      'properties.parameters.0.type',
      'Date',
      'properties.parameters[0].type: "Date" is not one of String, SecretString, Int, Double, Bool',
    ],
    [
      'a default that is a number',
      'properties.parameters.0.default',
      3,
      'properties.parameters[0].default: expected a string',
    ],
    [
      'a default of another type',
      'properties.parameters.0',
      { name: 'sourceVideoName', type: 'Int', default: '3.5' },
      'properties.parameters[0].default: expected an Int',
    ],
    [
      'a parameter name with a dot',
      'properties.parameters.0.name',
      'System.X',
      'properties.parameters[0].name: "System.X" is not a name',
    ],
  ])('%s', (_reason, path, value, expected) => {
    expect(problemsOf(bodyWith(path, value))).toContainEqual(expect.stringContaining(expected));
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a text', '{}'],
  ])('%s for a body', (_reason, given) => {
    expect(problemsOf(given)).toHaveLength(1);
  });

  it('all of it at once, each with its path and the code TopologyInvalid', () => {
    const made = {
      kind: 'Batch',
      sku: { name: 'Batch_S1' },
      properties: {
        parameters: [{ name: 'a', type: 'Int', default: 'x' }],
        sources: [{ ...source, videoName: 'no such name', spare: 1 }],
        sinks: [{ ...node('videoSource', 'nobody'), videoName: '${b}' }],
      },
    };
    const reading = parseTopology(made);
    expect('problems' in reading && reading.problems.map(({ code, target }) => `${code} ${target}`)).toEqual([
      'TopologyInvalid properties.parameters[0].default',
      'TopologyInvalid properties.sources[0].videoName',
      'TopologyInvalid properties.sources[0].spare',
      'TopologyInvalid properties.sinks[0].name',
      'TopologyInvalid properties.sinks[0].inputs[0].nodeName',
      'TopologyInvalid properties.sources[0].timeSequences.ranges',
      'TopologyInvalid properties.sinks[0].videoName',
      'TopologyInvalid properties.sinks[0].videoCreationProperties.title',
      'TopologyInvalid properties.sinks[0].videoCreationProperties.description',
      'TopologyInvalid properties.parameters[0].name',
    ]);
  });

  it('with an answer that fits in a message, however much is wrong', () => {
    const made = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}${'x'.repeat(500)}`, 1]));
    const problems = problemsOf(made);
    expect(JSON.stringify(problems).length).toBeLessThan(64_000);
    expect(problems.at(-1)).toMatch(/more problems$/);
  });
});
