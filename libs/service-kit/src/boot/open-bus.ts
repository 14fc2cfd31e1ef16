import { Bus, ensureTopology, type BusStatus } from '@clipmesh/bus';
import { inboxPrefix, KV, MESH_CONSUMERS, STREAMS } from '@clipmesh/contracts';
import type { MeshSettings } from '../settings/mesh-settings';
import type { WorkLog } from '../work/work-log';
import type { ServiceInstance } from './service-instance';
import { untilThere } from './until-there';

/** The bus, connected, with every stream, bucket and consumer of the mesh in place. */
export async function openBus(instance: ServiceInstance, settings: MeshSettings, log: WorkLog): Promise<Bus> {
  const { natsUrl, natsUser, natsPassword, startPatienceMs, ackWaitMs } = settings;
  const bus = await Bus.connect({
    servers: natsUrl.split(','),
    name: instance.id,
    // Replies to one service are not for the eyes of another: its user may read under this prefix only.
    inboxPrefix: inboxPrefix(instance.service),
    ...(natsUser === undefined ? {} : { user: natsUser }),
    ...(natsPassword === undefined ? {} : { password: natsPassword }),
    firstConnectMs: startPatienceMs,
    onStatus: (status) => {
      tell(log, status);
    },
  });
  const topology = {
    streams: Object.values(STREAMS),
    kv: Object.values(KV),
    consumers: MESH_CONSUMERS,
    ackWaitMs,
  };
  try {
    const tuned = await untilThere('JetStream', () => ensureTopology(bus, topology), {
      patienceMs: startPatienceMs,
      log,
    });
    if (tuned.length > 0) {
      log.info({ tuned }, 'NATS is tuned otherwise than by default');
    }
  } catch (error) {
    await bus.close();
    throw error;
  }
  return bus;
}

function tell(log: WorkLog, status: BusStatus): void {
  switch (status.kind) {
    case 'waiting':
      log.warn({ attempt: status.attempt, reason: status.error.message }, 'waiting for NATS');
      return;
    case 'disconnected':
      log.warn({ server: status.server }, 'NATS is away; everything waits and goes on by itself');
      return;
    case 'reconnected':
      log.info({ server: status.server }, 'NATS is back');
      return;
    case 'lameDuck':
      log.info({ server: status.server }, 'this NATS server goes away soon');
      return;
    case 'error':
      log.error({ code: status.error.code, err: status.error }, 'NATS reports an error');
  }
}
