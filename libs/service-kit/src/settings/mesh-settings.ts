import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { Secret } from './secret';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const HTTP = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const HOUR_MS = 3_600_000;

/** Settings that every service has; the variable of each is its name in capitals behind `CLIPMESH_`. */
export class MeshSettings {
  /** `nats://host:port`; several with commas between them. */
  @Matches(/^(nats|tls):\/\/[^\s,]+(,(nats|tls):\/\/[^\s,]+)*$/)
  natsUrl = 'nats://127.0.0.1:4222';

  @IsOptional()
  @IsString()
  natsUser?: string;

  @Secret()
  @IsOptional()
  @IsString()
  natsPassword?: string;

  /** As this service reaches the object store. */
  @IsUrl(HTTP)
  s3Endpoint = 'http://127.0.0.1:9000';

  /** As those reach it who are given links; `s3Endpoint` when absent. */
  @IsOptional()
  @IsUrl(HTTP)
  s3PublicEndpoint?: string;

  @IsString()
  s3AccessKey!: string;

  @Secret()
  @IsString()
  s3SecretKey!: string;

  @IsString()
  s3Region = 'us-east-1';

  /** How long NATS waits for a sign of life of somebody who has taken work. */
  @IsInt()
  @Min(100)
  @Max(HOUR_MS)
  ackWaitMs = 30_000;

  /** How long a claim on a task or on a leadership stands without being renewed. */
  @IsInt()
  @Min(100)
  @Max(HOUR_MS)
  leaseMs = 30_000;

  /** Tries of a task before it counts as failed; the same for all services. */
  @IsInt()
  @Min(1)
  maxAttempts = 5;

  /** How long to wait at the start for NATS and the object store. */
  @IsInt()
  @Min(0)
  startPatienceMs = 120_000;

  /** How long the end may take after SIGTERM before the process leaves without it. */
  @IsInt()
  @Min(0)
  shutdownGraceMs = 30_000;

  @IsIn(LOG_LEVELS)
  logLevel: LogLevel = 'info';

  /** Folder for what does not outlive a task. */
  @IsString()
  scratchDir = join(tmpdir(), 'clipmesh');
}
