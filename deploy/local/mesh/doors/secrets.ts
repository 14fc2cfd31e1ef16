import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 20;

/** The secrets of a local mesh, one for each user, made when first asked for and kept in a file that only its owner reads. */
export class Secrets {
  private readonly path: string;
  private readonly secrets: Record<string, string>;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.path = join(dataDir, 'secrets.json');
    // Written by us, in an earlier run.
    this.secrets = existsSync(this.path)
      ? (JSON.parse(readFileSync(this.path, 'utf8')) as Record<string, string>)
      : {};
  }

  /** The same for NATS and for the store. */
  readonly of = (user: string): string => {
    const known = this.secrets[user];
    if (known !== undefined) {
      return known;
    }
    const made = randomBytes(SECRET_BYTES).toString('hex');
    this.secrets[user] = made;
    writeFileSync(this.path, JSON.stringify(this.secrets), { mode: 0o600 });
    return made;
  };

  get users(): string[] {
    return Object.keys(this.secrets);
  }
}
