import { JsonObject, type Member } from './json-object';
import { readNodeHead, type NodeContext } from './node-context';
import { TEXT_RULES } from './text-rules';
import { TYPE_NAMES, type VideoSource } from './topology';
import { readTypeName } from './type-names';

const LIVE_SOURCE =
  'an RtspSource belongs to live topologies, which are not run here: recorders put segments, a VideoSource reads them';

export function readSource(element: Member, context: NodeContext): VideoSource | undefined {
  const types = [TYPE_NAMES.videoSource, TYPE_NAMES.rtspSource];
  const head = readNodeHead(element, 'source', types, context);
  if (head === undefined) {
    return undefined;
  }
  const { node, type, name } = head;
  if (type === TYPE_NAMES.rtspSource) {
    context.problems.add(node.pathOf('@type'), LIVE_SOURCE);
  }
  if (type !== TYPE_NAMES.videoSource) {
    return undefined;
  }
  const videoName = context.readText(node.require('videoName'), TEXT_RULES.videoName);
  const timeSequences = readTimeSequences(node.require('timeSequences', 'sequences'), context);
  node.close();
  if (name === undefined || videoName === undefined || timeSequences === undefined) {
    return undefined;
  }
  return { '@type': type, name, videoName, timeSequences };
}

function readTimeSequences(
  member: Member | undefined,
  context: NodeContext,
): VideoSource['timeSequences'] | undefined {
  const object = member && JsonObject.read(member.value, member.path, context.problems);
  if (object === undefined) {
    return undefined;
  }
  const type = readTypeName(object, [TYPE_NAMES.absoluteTimeMarkers], context.problems);
  const ranges = context.readText(object.require('ranges', 'dateTimeMarkers'), TEXT_RULES.ranges);
  object.close();
  return type === undefined || ranges === undefined ? undefined : { '@type': type, ranges };
}
