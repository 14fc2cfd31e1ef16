import type { IncomingMessage } from 'node:http';
import { S3Error } from 'minio';
import { bareEtag } from './etag';

/**
 * The ETag in the answer to CompleteMultipartUpload. S3 answers 200 before it has done the work, to keep the connection
 * alive, so that a refusal may come in the body (AWS API reference, CompleteMultipartUpload).
 */
export async function completedEtag(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer); // no encoding is set, so a response yields buffers
  }
  return parseCompletion(Buffer.concat(chunks).toString('utf8'));
}

export function parseCompletion(xml: string): string {
  if (/<Error[\s/>]/.test(xml)) {
    const refusal = new S3Error(elementOf(xml, 'Message') ?? 'refused after answering 200');
    refusal.code = elementOf(xml, 'Code') ?? 'InternalError';
    throw refusal;
  }
  return bareEtag(elementOf(xml, 'ETag') ?? '');
}

/** Text of the first such element; enough for answers of a few flat elements. */
function elementOf(xml: string, name: string): string | undefined {
  const match = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml);
  return match?.[1]
    ?.replace(/&(quot|#34);/g, '"')
    .replace(/&(apos|#39);/g, "'")
    .replace(/&amp;/g, '&');
}
