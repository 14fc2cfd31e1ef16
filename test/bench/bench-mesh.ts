import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeshClient, startMesh, type Mesh, type MeshOptions } from '@clipmesh/local';

/** A whole mesh of a benchmark, and somebody who asks it for exports. */
export interface BenchMesh {
  readonly mesh: Mesh;
  readonly client: MeshClient;
  readonly dataDir: string;
}

/** Runs a mesh on a temporary folder for as long as `use` does; nothing is left behind. */
export async function withBenchMesh<T>(
  say: (line: string) => void,
  use: (world: BenchMesh) => Promise<T>,
  options: Partial<MeshOptions> = {},
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipmesh-bench-'));
  try {
    say('starting the mesh ...');
    const mesh = await startMesh({ ...options, dataDir });
    try {
      const client = await MeshClient.connect(mesh.env, 'bench');
      try {
        return await use({ mesh, client, dataDir });
      } finally {
        await client.close();
      }
    } finally {
      await mesh.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
