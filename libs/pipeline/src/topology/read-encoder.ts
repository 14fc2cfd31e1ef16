import type { Member } from './json-object';
import { readNodeHead, type NodeContext } from './node-context';
import { readPreset } from './read-preset';
import { TYPE_NAMES, type EncoderProcessor } from './topology';

export function readEncoder(element: Member, context: NodeContext): EncoderProcessor | undefined {
  const head = readNodeHead(element, 'processor', [TYPE_NAMES.encoderProcessor], context);
  if (head?.type === undefined) {
    return undefined;
  }
  const { node, type, name, inputs } = head;
  const preset = readPreset(node.require('preset'), context);
  node.close();
  return name === undefined || preset === undefined ? undefined : { '@type': type, name, preset, inputs };
}
