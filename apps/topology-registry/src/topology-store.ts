import { change, type KvRecord, type KvStore } from '@clipmesh/bus';
import { eventSubject, type TopologyEvent, type TopologyRecord } from '@clipmesh/contracts';
import { ExportError } from '@clipmesh/errors';
import { wallTime, type WallTime } from '@clipmesh/media';
import { topologyNotFound } from './refusal';

export type StoredTopology = KvRecord<TopologyRecord>;

/** Publishes into the events stream; repeated ids are dropped there. */
export type PublishEvent = (subject: string, event: TopologyEvent, msgId: string) => Promise<unknown>;

/** The records of all topologies, and what is told of their changes. */
export class TopologyStore {
  constructor(
    private readonly records: KvStore<TopologyRecord>,
    private readonly publishEvent: PublishEvent,
    private readonly clock: () => number,
  ) {}

  now(): WallTime {
    return wallTime(this.clock());
  }

  /** @throws ExportError `TopologyNotFound` */
  async load(name: string): Promise<StoredTopology> {
    const stored = await this.records.get(name);
    if (stored === undefined) {
      throw topologyNotFound(name);
    }
    return stored;
  }

  find(name: string): Promise<StoredTopology | undefined> {
    return this.records.get(name);
  }

  /** Changes a record at the revision that was read, as often as it takes; see `change`. */
  async change(
    name: string,
    decide: (record: TopologyRecord | undefined) => TopologyRecord | undefined,
  ): Promise<{ readonly stored: StoredTopology; readonly changed: boolean }> {
    const { record, changed } = await change(this.records, name, decide);
    if (record === undefined) {
      throw topologyNotFound(name);
    }
    return { stored: record, changed };
  }

  /** Writes at a revision: for who must not write over anybody else's change. */
  update(stored: StoredTopology, record: TopologyRecord): Promise<number> {
    return this.records.update(stored.key, record, stored.revision);
  }

  remove(stored: StoredTopology): Promise<void> {
    return this.records.delete(stored.key, stored.revision);
  }

  /** Creates it unless the name is taken or ever was. */
  async createIfNeverThere(record: TopologyRecord): Promise<StoredTopology | undefined> {
    if (await this.records.wasDeleted(record.name)) {
      return undefined;
    }
    const revision = await this.records.create(record.name, record);
    return revision === undefined ? undefined : { key: record.name, value: record, revision };
  }

  /** By name. All of them are read: they are few, and nothing else keeps their order. */
  async listFrom(after: string | undefined, top: number): Promise<readonly TopologyRecord[]> {
    const found: TopologyRecord[] = [];
    for await (const { value } of this.records.list()) {
      if (after === undefined || value.name > after) {
        found.push(value);
      }
    }
    return found.sort((one, other) => (one.name < other.name ? -1 : 1)).slice(0, top);
  }

  async tell(type: 'put' | 'deleted', stored: StoredTopology): Promise<void> {
    const { id, name } = stored.value;
    const event: TopologyEvent = { format: 1, id, name, atMs: this.now() };
    await this.publishEvent(eventSubject('topology', id, type), event, `${id}.${type}.${stored.revision}`);
  }
}

export function isStale(thrown: unknown): boolean {
  return thrown instanceof ExportError && thrown.code === 'RevisionStale';
}
