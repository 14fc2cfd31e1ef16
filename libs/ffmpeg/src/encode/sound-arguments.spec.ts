import { copySoundArguments, decodeSoundArguments, encodeSoundArguments } from './sound-arguments';

const window = { from: 44_100, to: 132_300, timescale: 44_100 };

it('cuts sound in samples of the output, whatever the ticks of the track', () => {
  expect(decodeSoundArguments(window).join(' ')).toMatchInlineSnapshot(
    `"-copyts -ignore_editlist 1 -threads 1 -protocol_whitelist pipe -f mov -i pipe:0 -filter_complex [0:a:0]aresample=48000,atrim=start_pts=48000:end_pts=144000,asetpts=PTS-48000,aresample=async=1:first_pts=0,aformat=sample_fmts=flt:channel_layouts=stereo[a] -map [a] -f f32le pipe:1"`,
  );
});

it('encodes at the asked bitrate, stereo, 48 kHz', () => {
  expect(encodeSoundArguments({ kind: 'aac', bitrateKbps: 192 }).join(' ')).toMatchInlineSnapshot(
    `"-protocol_whitelist pipe -f f32le -ar 48000 -ac 2 -i pipe:0 -map 0:a:0 -c:a aac -ar 48000 -ac 2 -b:a 192k -frag_duration 5000000 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +frag_keyframe+delay_moov+default_base_moof -movie_timescale 48000 -f mp4 pipe:1"`,
  );
});

it('copies on the clock of the window', () => {
  expect(copySoundArguments(window).join(' ')).toMatchInlineSnapshot(
    `"-copyts -ignore_editlist 1 -threads 1 -protocol_whitelist pipe -f mov -i pipe:0 -map 0:a:0 -c:a copy -bsf:a setts=pts=PTS-44100:dts=DTS-44100 -frag_duration 5000000 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +frag_keyframe+delay_moov+default_base_moof -movie_timescale 44100 -f mp4 pipe:1"`,
  );
});
