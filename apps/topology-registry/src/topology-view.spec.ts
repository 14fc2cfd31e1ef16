import type { TopologyRecord } from '@clipmesh/contracts';
import { wallTime } from '@clipmesh/media';
import { SAMPLES, type Topology } from '@clipmesh/pipeline';
import { viewTopology } from './topology-view';

const SAMPLE = SAMPLES[0]!.topology;

const record = (body: Topology = SAMPLE): TopologyRecord => ({
  format: 1,
  id: 'id-1',
  name: 'export',
  body,
  createdAtMs: wallTime(Date.UTC(2021, 9, 22, 8, 11, 52, 590)),
  lastModifiedAtMs: wallTime(Date.UTC(2021, 9, 23)),
  deletingSinceMs: wallTime(Date.UTC(2021, 9, 23)),
});

describe('viewTopology', () => {
  it("shows AVA's resource and nothing of our own book-keeping", () => {
    expect(viewTopology(record(), 'as-given')).toEqual({
      id: 'id-1',
      name: 'export',
      type: 'Microsoft.Media/videoAnalyzers/pipelineTopologies',
      systemData: { createdAt: '2021-10-22T08:11:52.590Z', lastModifiedAt: '2021-10-23T00:00:00.000Z' },
      kind: 'Batch',
      sku: { name: 'Batch_S1', tier: 'Standard' },
      properties: SAMPLE.properties,
    });
  });

  it.each([
    ['as-given', ['sourceVideoName', 'videoSourceTimeSequenceParameter', 'exportedVideoName', 'preset']],
    ['by-name', ['exportedVideoName', 'preset', 'sourceVideoName', 'videoSourceTimeSequenceParameter']],
  ] as const)('orders parameters %s', (order, names) => {
    const { parameters } = viewTopology(record(), order).properties;
    expect(parameters.map(({ name }) => name)).toEqual(names);
  });

  it('never shows the default of a SecretString', () => {
    const parameters = [{ name: 'key', type: 'SecretString', default: 'hush' } as const];
    const body = { ...SAMPLE, properties: { ...SAMPLE.properties, parameters } };
    expect(JSON.stringify(viewTopology(record(body), 'by-name'))).not.toContain('hush');
  });
});
