import { BUCKETS, inboxPrefix, OPERATOR, recorderUser, REQUESTS, segmentSubject } from '@clipmesh/contracts';

/** The video whose recorder `npm start` lets in from the beginning. */
export const FIRST_VIDEO = 'gate-1';
const RECORDED_AT = '2026-11-01T05:20:00Z';
const RANGE = ['2026-11-01T05:20:02Z', '2026-11-01T05:20:08Z'] as const;
/** The same as in docs/recorders.md: who follows both records one segment. */
const KEY = `${FIRST_VIDEO}/2026/11/01/05/1793510400000-0.mp4`;

export interface Places {
  readonly natsUrl: string;
  readonly endpoint: string;
  readonly httpUrl: string;
  readonly dataDir: string;
  /** Folder of the settings of users, when the servers are the mesh's own. */
  readonly doorsDir?: string;
}

/** What `npm start` tells: where everything is, and commands to paste for a first segment and a first export. No secret is told. */
export function firstSteps({ natsUrl, endpoint, httpUrl, dataDir, doorsDir }: Places): string {
  const [startTime, endTime] = RANGE;
  const event = { start: RECORDED_AT, object: { key: KEY } };
  const job = {
    name: 'my-first-clip',
    topologyName: 'original-export',
    parameters: [
      { name: 'sourceVideoName', value: FIRST_VIDEO },
      { name: 'videoSourceTimeSequenceParameter', value: JSON.stringify([RANGE]) },
      { name: 'exportedVideoName', value: 'my-first-clip' },
    ],
  };
  const user = recorderUser(FIRST_VIDEO);
  return `Clipmesh runs until Ctrl-C.
  NATS   ${natsUrl}
  MinIO  ${endpoint}
  HTTP   ${httpUrl}
  data   ${dataDir} (logs too)

${doorsDir === undefined ? settingsOfOthers() : settingsIn(doorsDir)}

Record: put an MP4 segment into the store, then announce it (docs/recorders.md).
  recorder mc cp segment.mp4 clipmesh/${BUCKETS.archive}/${KEY}
  recorder nats req --inbox-prefix ${inboxPrefix(user)} ${segmentSubject(FIRST_VIDEO)} -H Nats-Msg-Id:${KEY} '${JSON.stringify(event)}'

Ask for a portion of it, follow it, and get the link to the file.
  operator nats req ${REQUESTS.jobsPut} '${JSON.stringify(job)}'
  operator nats req ${REQUESTS.jobsGet} '{"name":"my-first-clip"}'
  operator nats req ${REQUESTS.videosGet} '{"name":"my-first-clip"}'

Or fetch the same portion without a job: nothing is written, players can open the link and seek.
  curl -o clip.mp4 '${httpUrl}/videos/${FIRST_VIDEO}/clip.mp4?startTime=${startTime}&endTime=${endTime}'
`;
}

function settingsIn(doorsDir: string): string {
  return `Everybody connects as somebody: the recorder of one video, or the operator, who may do everything.
  export CLIPMESH_DOORS='${doorsDir}'
  recorder() ( . "$CLIPMESH_DOORS/${recorderUser(FIRST_VIDEO)}.env"; "$@" )
  operator() ( . "$CLIPMESH_DOORS/${OPERATOR}.env"; "$@" )`;
}

const settingsOfOthers = (): string => `The servers are not the mesh's own: connect as whom they know.
  recorder() ( "$@" )
  operator() ( "$@" )`;
