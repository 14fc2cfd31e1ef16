import { execFile } from 'node:child_process';

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

type ToolName = 'ffmpeg' | 'ffprobe';

/** Runs ffmpeg or ffprobe, the judges that we did not write; rejects with what it says when it fails. */
export async function mediaTool(name: ToolName, args: readonly string[]): Promise<ToolOutput> {
  const { stdout, stderr } = await run(name, args);
  return { stdout: stdout.toString(), stderr };
}

/** As {@link mediaTool}, for pictures and sound; what the tool writes to its standard output. */
export async function mediaBytes(name: ToolName, args: readonly string[]): Promise<Buffer> {
  return (await run(name, args)).stdout;
}

async function run(
  name: ToolName,
  args: readonly string[],
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(name, args, { encoding: 'buffer', maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ stdout, stderr: stderr.toString() });
      } else {
        reject(new Error(`${name} ${args.join(' ')}\n${stderr.toString()}`, { cause: error }));
      }
    });
  });
}
