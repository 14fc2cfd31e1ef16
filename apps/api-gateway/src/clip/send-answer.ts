import type { ServerResponse } from 'node:http';
import { pipeSpans, type ObjectStore } from '@clipmesh/object-store';
import type { ClipAnswer } from './answer-clip';
import type { LaidOutClip } from './laid-out-clip';

/** Sends the body as fast as the client takes it. Rejects when the client leaves or the store fails. */
export async function sendAnswer(
  store: ObjectStore,
  { objects }: LaidOutClip,
  { body }: ClipAnswer,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  await pipeSpans(store, body, objects, response, { signal });
  response.end();
}
