import { formatInstant, type TopologyRecord, type TopologyView } from '@clipmesh/contracts';
import { redactDefaults } from '@clipmesh/pipeline';

/** How the answer orders parameters: as AVA did, a put echoes, everything else sorts by name. */
export type ParameterOrder = 'as-given' | 'by-name';

/** A record as the world may see it. */
export function viewTopology(record: TopologyRecord, order: ParameterOrder): TopologyView {
  const { body } = record;
  const parameters = [...redactDefaults(body.properties.parameters)];
  if (order === 'by-name') {
    parameters.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
  return {
    id: record.id,
    name: record.name,
    type: 'Microsoft.Media/videoAnalyzers/pipelineTopologies',
    systemData: {
      createdAt: formatInstant(record.createdAtMs),
      lastModifiedAt: formatInstant(record.lastModifiedAtMs),
    },
    kind: body.kind,
    sku: { ...body.sku, tier: 'Standard' },
    properties: { ...body.properties, parameters },
  };
}
