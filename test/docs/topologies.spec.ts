import { parseTopology, SAMPLES, SYSTEM_PRESETS } from '@clipmesh/pipeline';
import { readDoc } from './generated';

const page = readDoc('docs/topologies.md');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => String(match[1]));

it('docs/topologies.md has an example', () => {
  expect(examples).not.toHaveLength(0);
});

it.each(examples)('an example of docs/topologies.md is taken as it stands', (example) => {
  expect(parseTopology(JSON.parse(example))).toHaveProperty('topology');
});

it.each(Object.entries(SYSTEM_PRESETS))('docs/topologies.md has the figures of %s', (name, preset) => {
  const { height, maxVideoKbps, audioKbps } = preset;
  expect(page).toContain(`| \`${name}\` | ${height} | ${maxVideoKbps} kbit/s | AAC ${audioKbps} kbit/s |`);
});

it.each(SAMPLES.map(({ name }) => [name]))('docs/topologies.md has the sample %s', (name) => {
  expect(page).toContain(`\`${name}\``);
});
