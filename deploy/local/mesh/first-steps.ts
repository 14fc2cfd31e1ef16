import { BUCKETS, REQUESTS, segmentSubject } from '@clipmesh/contracts';
import type { StoreAddress } from './minio-server';

const VIDEO = 'gate-1';
const RECORDED_AT = '2026-11-01T05:20:00Z';
const RANGE = ['2026-11-01T05:20:02Z', '2026-11-01T05:20:08Z'] as const;
/** The same as in docs/recorders.md: who follows both records one segment. */
const KEY = `${VIDEO}/2026/11/01/05/1793510400000-0.mp4`;

/** What `npm start` tells: where everything is, and commands to paste for a first segment and a first export. */
export function firstSteps(natsUrl: string, store: StoreAddress, httpUrl: string, dataDir: string): string {
  const [startTime, endTime] = RANGE;
  const nats = `nats -s ${natsUrl}`;
  const event = { start: RECORDED_AT, object: { key: KEY } };
  const job = {
    name: 'my-first-clip',
    topologyName: 'original-export',
    parameters: [
      { name: 'sourceVideoName', value: VIDEO },
      { name: 'videoSourceTimeSequenceParameter', value: JSON.stringify([RANGE]) },
      { name: 'exportedVideoName', value: 'my-first-clip' },
    ],
  };
  return `Clipmesh runs until Ctrl-C.
  NATS   ${natsUrl}
  MinIO  ${store.endpoint}
  HTTP   ${httpUrl}
  data   ${dataDir} (logs too)

Settings of recorders and of the pages under docs:
  export CLIPMESH_NATS_URL=${natsUrl} CLIPMESH_S3_ENDPOINT=${store.endpoint} CLIPMESH_S3_ACCESS_KEY=${store.accessKey} CLIPMESH_S3_SECRET_KEY=${store.secretKey}

Record: put an MP4 segment into the store, then announce it (docs/recorders.md).
  mc alias set clipmesh ${store.endpoint} ${store.accessKey} ${store.secretKey}
  mc cp segment.mp4 clipmesh/${BUCKETS.archive}/${KEY}
  ${nats} req ${segmentSubject(VIDEO)} -H Nats-Msg-Id:${KEY} '${JSON.stringify(event)}'

Ask for a portion of it, follow it, and get the link to the file.
  ${nats} req ${REQUESTS.jobsPut} '${JSON.stringify(job)}'
  ${nats} req ${REQUESTS.jobsGet} '{"name":"my-first-clip"}'
  ${nats} req ${REQUESTS.videosGet} '{"name":"my-first-clip"}'

Or fetch the same portion without a job: nothing is written, players can open the link and seek.
  curl -o clip.mp4 '${httpUrl}/videos/${VIDEO}/clip.mp4?startTime=${startTime}&endTime=${endTime}'
`;
}
