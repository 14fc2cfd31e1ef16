import type { StreamSpec } from '@clipmesh/contracts';
import type { Bus } from '../bus';
import { toBusError } from '../wire/nats-error';

/** The subjects under which a stream holds messages at this moment, among those that `filter` matches. */
export async function streamSubjects(
  bus: Bus,
  stream: Pick<StreamSpec, 'name'>,
  filter: string,
): Promise<ReadonlySet<string>> {
  try {
    const info = await bus.link.jsm.streams.info(stream.name, { subjects_filter: filter });
    return new Set(Object.keys(info.state.subjects ?? {}));
  } catch (thrown) {
    throw toBusError(thrown, `look into ${stream.name}`);
  }
}
