import { bodyWithEncoders, problemsOf, type Json } from './test-bodies';

const VIDEO = 'properties.processors[0].preset.videoEncoder';

describe('limits of a custom preset', () => {
  it.each<[string, Json, string | undefined]>([
    ['least bitrate', { bitrateKbps: '200' }, undefined],
    ['most bitrate', { bitrateKbps: '16000' }, undefined],
    ['too small a bitrate', { bitrateKbps: '199' }, 'bitrateKbps'],
    ['too large a bitrate', { bitrateKbps: '16001' }, 'bitrateKbps'],
    ['a bitrate in bit/s', { maximumBitrate: '199999' }, 'maximumBitrate'],
    ['a bitrate that is a number', { bitrateKbps: 2000 }, 'bitrateKbps'],
    ['a bitrate with a fraction', { bitrateKbps: '2000.5' }, 'bitrateKbps'],
    ['H.265', { '@type': '#Microsoft.VideoAnalyzer.VideoEncoderH265', quality: '28' }, undefined],
    ['the best quality', { quality: '1' }, undefined],
    ['a quality that is none', { quality: '52' }, 'quality'],
    ['a speed in any case', { speed: 'Slow' }, undefined],
    ['a speed that is none', { speed: 'warp' }, 'speed'],
    ['most frames', { frameRate: '300' }, undefined],
    ['a fraction of frames', { frameRate: '29.97' }, undefined],
    ['no frames', { frameRate: '0' }, 'frameRate'],
    ['too many frames', { frameRate: '300.01' }, 'frameRate'],
    ['most of a picture', { scale: { mode: 'Stretch', width: '8192', height: '4320' } }, undefined],
    ['too wide', { scale: { width: '8193', height: '4320' } }, 'scale.width'],
    ['too high', { scale: { width: '8192', height: '4321' } }, 'scale.height'],
    ['no width at all', { scale: { width: '0', height: '2' } }, 'scale.width'],
    ['an unknown mode', { scale: { mode: 'Crop', width: '2', height: '2' } }, 'scale.mode'],
    ['Pad by default with one dimension', { scale: { height: '720' } }, 'scale'],
    ['Stretch with one dimension', { scale: { mode: 'Stretch', width: '720' } }, 'scale'],
    ['keeping the aspect with one', { scale: { mode: 'PreserveAspectRatio', width: '720' } }, undefined],
    [
      'keeping the aspect with both',
      { scale: { mode: 'PreserveAspectRatio', width: '7', height: '7' } },
      undefined,
    ],
    ['keeping the aspect with none', { scale: { mode: 'PreserveAspectRatio' } }, 'scale'],
    ['an unknown member', { crf: '20' }, 'crf'],
  ])('%s', (_reason, video, target) => {
    const targets = problemsOf(bodyWithEncoders(video)).map((problem) => problem.split(': ')[0]);
    expect(targets).toEqual(target === undefined ? [] : [`${VIDEO}.${target}`]);
  });

  it.each(['96', '112', '128', '160', '192', '224', '256'])('audio of %s kbit/s is taken', (bitrateKbps) => {
    expect(problemsOf(bodyWithEncoders({}, { bitrateKbps }))).toEqual([]);
  });

  it.each(['95', '97', '320', '', '128.0'])('audio of "%s" kbit/s is refused', (bitrateKbps) => {
    expect(problemsOf(bodyWithEncoders({}, { bitrateKbps }))).toHaveLength(1);
  });
});
