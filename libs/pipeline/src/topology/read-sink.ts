import { definedMembers } from './defined-members';
import { JsonObject, type Member } from './json-object';
import { readNodeHead, type NodeContext } from './node-context';
import { TEXT_RULES } from './text-rules';
import { TYPE_NAMES, type VideoSink } from './topology';

const LIVE_ONLY = 'belongs to live topologies: a batch topology writes one file';

export function readSink(element: Member, context: NodeContext): VideoSink | undefined {
  const head = readNodeHead(element, 'sink', [TYPE_NAMES.videoSink], context);
  if (head?.type === undefined) {
    return undefined;
  }
  const { node, type, name, inputs } = head;
  const videoName = context.readText(node.require('videoName'), TEXT_RULES.videoName);
  const videoCreationProperties = readCreationProperties(node.take('videoCreationProperties'), context);
  node.refuse(LIVE_ONLY, 'videoPublishingOptions');
  node.close();
  if (name === undefined || videoName === undefined) {
    return undefined;
  }
  return definedMembers({ '@type': type, name, videoName, videoCreationProperties, inputs });
}

function readCreationProperties(
  member: Member | undefined,
  context: NodeContext,
): VideoSink['videoCreationProperties'] {
  const object = member && JsonObject.read(member.value, member.path, context.problems);
  if (object === undefined) {
    return undefined;
  }
  const title = context.readText(object.take('title'), TEXT_RULES.title);
  const description = context.readText(object.take('description'), TEXT_RULES.description);
  object.refuse(LIVE_ONLY, 'segmentLength', 'retentionPeriod');
  object.close();
  return definedMembers({ title, description });
}
