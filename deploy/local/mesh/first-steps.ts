import { BUCKETS, REQUESTS, segmentSubject } from '@clipmesh/contracts';
import type { StoreAddress } from './minio-server';

const VIDEO = 'gate-1';
const START = '2026-11-01T05:20:00Z';
const END = '2026-11-01T05:20:20Z';
const KEY = `${VIDEO}/2026-11-01/05-20-00.mp4`;

/** What `npm start` tells: where everything is, and commands to paste for a first segment and a first export. */
export function firstSteps(natsUrl: string, store: StoreAddress, dataDir: string): string {
  const nats = `nats -s ${natsUrl}`;
  const event = { start: START, object: { key: KEY } };
  const job = {
    name: 'my-first-clip',
    topologyName: 'original-export',
    parameters: [
      { name: 'sourceVideoName', value: VIDEO },
      { name: 'videoSourceTimeSequenceParameter', value: JSON.stringify([[START, END]]) },
      { name: 'exportedVideoName', value: 'my-first-clip' },
    ],
  };
  return `Clipmesh runs until Ctrl-C.
  NATS   ${natsUrl}
  MinIO  ${store.endpoint}
  data   ${dataDir} (logs too)

Record: put an MP4 segment into the store, then announce it (docs/recorders.md).
  mc alias set clipmesh ${store.endpoint} ${store.accessKey} ${store.secretKey}
  mc cp segment.mp4 clipmesh/${BUCKETS.archive}/${KEY}
  ${nats} req ${segmentSubject(VIDEO)} -H Nats-Msg-Id:${KEY} '${JSON.stringify(event)}'

Ask for a portion of it, follow it, and get the link to the file.
  ${nats} req ${REQUESTS.jobsPut} '${JSON.stringify(job)}'
  ${nats} req ${REQUESTS.jobsGet} '{"name":"my-first-clip"}'
  ${nats} req ${REQUESTS.videosGet} '{"name":"my-first-clip"}'
`;
}
