import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeTestPattern } from '@clipmesh/ffmpeg';
import { MeshClient } from '../mesh-client';
import { startMesh } from '../mesh';
import { record, type Recording } from '../recording';
import { readDemoOptions } from './demo-options';
import { describeClip, type ClipReport } from './clip-report';
import { exportClip, type WantedClip } from './export-clip';

const VIDEO = 'demo-camera';
const FOOTAGE_SECONDS = 60;
const SEGMENT_SECONDS = 10;
const CLIPS_FOLDER = 'clips';

/**
 * `npm run demo`: the product's main job, once, from a recorded file to two MP4s, on servers of its own that are gone
 * afterwards. People are told on standard error; with `--json` standard output holds one document and nothing else.
 */
export async function demo(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = readDemoOptions(args);
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const dataDir = await mkdtemp(join(tmpdir(), 'clipmesh-demo-'));
  try {
    const clips = await runDemo(dataDir, options.input, say, signal);
    const report = { exports: clips };
    process.stdout.write(
      options.json ? `${JSON.stringify(report)}\n` : `\n${clips.map(describeClip).join('\n\n')}\n`,
    );
    return clips.every((clip) => clip.state === 'Completed') ? 0 : 1;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runDemo(
  dataDir: string,
  input: string | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ClipReport[]> {
  say('starting NATS, MinIO and five services ...');
  const mesh = await startMesh({ dataDir, signal });
  try {
    const footage = input ?? join(dataDir, 'footage.mp4');
    if (input === undefined) {
      say(`making ${FOOTAGE_SECONDS} s of footage ...`);
      await makeTestPattern({ path: footage, seconds: FOOTAGE_SECONDS, signal });
    }
    say(`recording ${input ?? 'it'} as video ${VIDEO} ...`);
    const recording = await record(
      {
        input: resolve(footage),
        video: VIDEO,
        segmentSeconds: SEGMENT_SECONDS,
        env: await mesh.doors.recorder(VIDEO),
        dataDir,
      },
      signal,
    );
    say(`recorded ${recording.segments} segments, ${recording.start} .. ${recording.end}`);
    return await exportBoth(mesh.env, recording, say, signal);
  } finally {
    await mesh.stop();
  }
}

async function exportBoth(
  env: NodeJS.ProcessEnv,
  recording: Recording,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ClipReport[]> {
  const client = await MeshClient.connect(env, 'demo');
  try {
    await client.indexed(recording, signal);
    const clips: ClipReport[] = [];
    for (const clip of wantedClips(recording)) {
      clips.push(await exportClip(client, clip, { folder: resolve(CLIPS_FOLDER), say, signal }));
    }
    return clips;
  } finally {
    await client.close();
  }
}

/** The middle half of the recording, from and to instants that are no sync samples. */
function wantedClips({ video, start, end }: Recording): WantedClip[] {
  const startMs = Date.parse(start);
  const lengthMs = Date.parse(end) - startMs;
  const at = (share: number): string =>
    new Date(startMs + Math.round((lengthMs * share) / 100) * 100 + 40).toISOString();
  const requested = { start: at(0.25), end: at(0.75) };
  return [
    { name: 'demo-original', sourceVideo: video, requested },
    { name: 'demo-720p', sourceVideo: video, requested, preset: 'SingleLayer_720p_H264_AAC' },
  ];
}
