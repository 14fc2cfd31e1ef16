import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BUCKETS } from '@clipmesh/contracts';
import { toExportError } from '@clipmesh/errors';
import { ObjectStore } from '@clipmesh/object-store';
import { LOG, type WorkLog } from '@clipmesh/service-kit';

/** Asks the store something before anybody waits: the first clip need not pay for its key and the connection. */
@Injectable()
export class WarmUp implements OnApplicationBootstrap {
  constructor(
    @Inject(ObjectStore) private readonly store: ObjectStore,
    @Inject(LOG) private readonly log: WorkLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.store.head({ bucket: BUCKETS.archive, key: 'warm-up' });
    } catch (thrown) {
      // Best effort: a store that is away now may be there when somebody asks.
      this.log.debug({ error: toExportError(thrown).message }, 'the store could not be asked at the start');
    }
  }
}
