import { execFile } from 'node:child_process';

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs ffmpeg or ffprobe, the judges that we did not write; rejects with what it says when it fails. */
export async function mediaTool(name: 'ffmpeg' | 'ffprobe', args: readonly string[]): Promise<ToolOutput> {
  return new Promise((resolve, reject) => {
    execFile(name, args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ stdout, stderr });
      } else {
        reject(new Error(`${name} ${args.join(' ')}\n${stderr}`, { cause: error }));
      }
    });
  });
}
