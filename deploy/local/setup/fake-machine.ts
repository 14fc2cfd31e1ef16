import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** How a piece of set-up ended: what it printed, and its exit code or signal. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ending: Promise<Ending>;
}

/**
 * A machine for the tests of set-up: an empty cache, an empty clone, and a PATH whose first folder has the programs that
 * the test puts there. Set-up is plain ES modules, so each piece of it runs in a Node of its own.
 */
export class FakeMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'clipmesh-setup-'));
  readonly clone = join(this.folder, 'clone');
  readonly cache = join(this.folder, 'cache');
  private readonly env: NodeJS.ProcessEnv = {
    PATH: [join(this.folder, 'path'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    XDG_CACHE_HOME: this.cache,
    CLIPMESH_ROOT: this.clone,
    MACHINE: this.folder,
  };

  constructor() {
    this.program('docker', 'exit 1');
  }

  /** Puts a shell script on PATH. */
  program(name: string, script: string): void {
    this.file(join('path', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.folder, 'path', name), 0o755);
  }

  file(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Names of a folder, hidden ones too. */
  list(path: string): string[] {
    return readdirSync(join(this.folder, path)).sort();
  }

  /** Starts `expression` with what `module` exports as `it`; its value is printed as JSON. */
  start(module: string, expression: string, env: NodeJS.ProcessEnv = {}): Running {
    const code = `const it = await import(${JSON.stringify(join(__dirname, module))});
      process.stdout.write(JSON.stringify((await ${expression}) ?? null));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...this.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ending = new Promise<Ending>((resolve) => {
      child.on('close', (exitCode) => {
        resolve({ code: exitCode, stdout, stderr });
      });
    });
    return { process: child, ending };
  }

  /** Resolves when the folder has a file of this name. */
  async appearanceOf(name: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const watcher = watch(this.folder, check);
      const { folder } = this;
      function check(): void {
        if (readdirSync(folder).includes(name)) {
          watcher.close();
          resolve();
        }
      }
      check();
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
