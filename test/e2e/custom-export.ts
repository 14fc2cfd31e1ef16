import { TYPE_NAMES } from '@clipmesh/pipeline';

const PARAMETERS = ['sourceVideoName', 'videoSourceTimeSequenceParameter', 'exportedVideoName'];

/** A topology with the parameters of the samples, a custom preset, and parameters that its texts name. */
export function customExport(name: string, preset: object, parameters: readonly string[] = []) {
  return {
    name,
    kind: 'Batch',
    sku: { name: 'Batch_S1' },
    properties: {
      parameters: [...PARAMETERS, ...parameters].map((parameter) => ({ name: parameter, type: 'String' })),
      sources: [
        {
          '@type': TYPE_NAMES.videoSource,
          name: 'source',
          videoName: '${sourceVideoName}',
          timeSequences: {
            '@type': TYPE_NAMES.absoluteTimeMarkers,
            ranges: '${videoSourceTimeSequenceParameter}',
          },
        },
      ],
      processors: [
        {
          '@type': TYPE_NAMES.encoderProcessor,
          name: 'encoder',
          preset: { '@type': TYPE_NAMES.customPreset, ...preset },
          inputs: [{ nodeName: 'source' }],
        },
      ],
      sinks: [
        {
          '@type': TYPE_NAMES.videoSink,
          name: 'sink',
          videoName: '${exportedVideoName}',
          inputs: [{ nodeName: 'encoder' }],
        },
      ],
    },
  };
}
