import { REQUESTS } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';

/** Asks whoever serves the subject. */
export type Ask = (subject: string, body: unknown) => Promise<unknown>;

/** The name of a job of the topology, in the public state if one is given; `undefined` when there is none. */
export async function findJobOf(
  topologyName: string,
  ask: Ask,
  state?: 'Processing',
): Promise<string | undefined> {
  const filter = { topologyName, ...(state === undefined ? {} : { state }), top: 1 };
  const answer = await ask(REQUESTS.jobsList, filter).catch((thrown: unknown) => {
    throw unanswered(topologyName, thrown);
  });
  const [first] = jobsIn(answer);
  return first;
}

/** A topology is left alone rather than taken from jobs that we cannot see. */
function unanswered(topologyName: string, thrown: unknown): unknown {
  if (thrown instanceof ExportError && (thrown.code === 'NoResponder' || thrown.code === 'BusUnreachable')) {
    return new ExportError(thrown.code, {
      message: `whether jobs of the topology ${topologyName} exist cannot be told: ${thrown.message}`,
      target: 'name',
      cause: thrown,
    });
  }
  return thrown;
}

function jobsIn(answer: unknown): readonly string[] {
  const jobs = isRecord(answer) ? answer['value'] : undefined;
  if (!Array.isArray(jobs)) {
    throw new ExportError('InternalError', {
      message: `${REQUESTS.jobsList} does not answer a list of jobs`,
    });
  }
  return (jobs as readonly unknown[]).map((job) =>
    isRecord(job) && typeof job['name'] === 'string' ? job['name'] : '',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
