import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bus, ensureTopology } from '@clipmesh/bus';
import {
  BUCKETS,
  inboxPrefix,
  KV,
  MESH_CONSUMERS,
  OPERATOR,
  recorderUser,
  STREAMS,
} from '@clipmesh/contracts';
import { ObjectStore } from '@clipmesh/object-store';
import type { MinioServer } from '../minio-server';
import type { NatsServer } from '../nats-server';
import { retryUntil } from '../retry-until';
import { natsAuthorization } from './nats-users';
import type { Secrets } from './secrets';
import { makeStoreRecorder, makeStoreUsers } from './store-users';

const RECORDER_PATIENCE_MS = 20_000;
const ACK_WAIT_MS = '30000';

/** The users of a mesh's own servers: every service, the operator, and whoever records a video. */
export class Doors {
  private constructor(
    private readonly nats: NatsServer,
    private readonly minio: MinioServer,
    private readonly secrets: Secrets,
    /** Where the settings of users lie, `<user>.env` each, for a shell to read. */
    readonly dataDir: string,
  ) {}

  /** What the server must be told of users before it starts, those of earlier recorders too. */
  static authorization(secrets: Secrets): string {
    return natsAuthorization(secrets.of, videosOf(secrets));
  }

  /** Makes the users of the store, and, as the operator, the streams and buckets, which services may not make. */
  static async open(
    servers: { readonly nats: NatsServer; readonly minio: MinioServer },
    secrets: Secrets,
    dataDir: string,
    env: NodeJS.ProcessEnv,
  ): Promise<Doors> {
    const { nats, minio } = servers;
    const doors = new Doors(nats, minio, secrets, dataDir);
    await Promise.all([
      makeStoreUsers(minio, secrets.of),
      makeBuckets(minio),
      doors.makeTopology(Number(env['CLIPMESH_ACK_WAIT_MS'] ?? ACK_WAIT_MS)),
      ...videosOf(secrets).map((video) => doors.openStoreTo(video)),
    ]);
    doors.writeSettings(OPERATOR);
    return doors;
  }

  /** The settings with which somebody connects as this user. */
  settingsOf(user: string): NodeJS.ProcessEnv {
    const { nats, minio, secrets } = this;
    return {
      CLIPMESH_NATS_URL: nats.url,
      CLIPMESH_NATS_USER: user,
      CLIPMESH_NATS_PASSWORD: secrets.of(user),
      CLIPMESH_S3_ENDPOINT: minio.endpoint,
      CLIPMESH_S3_ACCESS_KEY: user,
      CLIPMESH_S3_SECRET_KEY: secrets.of(user),
      CLIPMESH_S3_REGION: minio.region,
    };
  }

  /** Lets somebody record one video; the running servers know the user when this resolves. Repeatable. */
  async recorder(video: string): Promise<NodeJS.ProcessEnv> {
    const user = recorderUser(video);
    const isNew = !this.secrets.users.includes(user);
    const settings = this.settingsOf(user);
    if (isNew) {
      await this.openStoreTo(video);
      this.nats.reload();
      await retryUntil(() => this.isLetIn(user), AbortSignal.timeout(RECORDER_PATIENCE_MS));
    }
    this.writeSettings(user);
    return settings;
  }

  private openStoreTo(video: string): Promise<void> {
    const user = recorderUser(video);
    return makeStoreRecorder(this.minio, { user, secret: this.secrets.of(user), video });
  }

  private async isLetIn(user: string): Promise<boolean> {
    const bus = await this.connect(user);
    await bus.close();
    return true;
  }

  private connect(user: string): Promise<Bus> {
    return Bus.connect({
      servers: this.nats.url,
      name: 'doors',
      user,
      password: this.secrets.of(user),
      inboxPrefix: inboxPrefix(user),
    });
  }

  private async makeTopology(ackWaitMs: number): Promise<void> {
    const bus = await this.connect(OPERATOR);
    try {
      await ensureTopology(bus, {
        streams: Object.values(STREAMS),
        kv: Object.values(KV),
        consumers: MESH_CONSUMERS,
        ackWaitMs,
      });
    } finally {
      await bus.close();
    }
  }

  /** Also what `nats` and `mc` read, so that no secret need stand on a command line. */
  private writeSettings(user: string): void {
    const secret = this.secrets.of(user);
    const { host } = new URL(this.minio.endpoint);
    const settings = {
      ...this.settingsOf(user),
      NATS_URL: this.nats.url,
      NATS_USER: user,
      NATS_PASSWORD: secret,
      MC_HOST_clipmesh: `http://${user}:${secret}@${host}`,
    };
    const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'\n`);
    const path = join(this.dataDir, `${user}.env`);
    writeFileSync(path, lines.join(''), { mode: 0o600 });
    chmodSync(path, 0o600);
  }
}

function videosOf(secrets: Secrets): string[] {
  const prefix = recorderUser('');
  return secrets.users.filter((user) => user.startsWith(prefix)).map((user) => user.slice(prefix.length));
}

async function makeBuckets(minio: MinioServer): Promise<void> {
  const { endpoint, accessKey, secretKey, region } = minio;
  const store = ObjectStore.open({ endpoint, accessKey, secretKey, region });
  try {
    await Promise.all(Object.values(BUCKETS).map((bucket) => store.ensureBucket(bucket)));
  } finally {
    store.close();
  }
}
