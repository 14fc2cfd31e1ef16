import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TASK_TRANSITIONS } from '../task/task-transitions';
import { JOB_TRANSITIONS } from './job-transitions';

const PAGE = readFileSync(join(__dirname, '../../../../docs/state-machines.md'), 'utf8');

function diagram(first: string, table: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const edges = Object.entries(table).flatMap(([from, row]) => {
    const ways = Object.entries(row).map(([event, to]) => `    ${from} --> ${to}: ${event}`);
    return ways.length > 0 ? ways : [`    ${from} --> [*]`];
  });
  return ['```mermaid', 'stateDiagram-v2', `    [*] --> ${first}`, ...edges, '```'].join('\n');
}

it('draws the states of a job as the table has them', () => {
  expect(PAGE).toContain(diagram('queued', JOB_TRANSITIONS));
});

it('draws the states of a task as the table has them', () => {
  expect(PAGE).toContain(diagram('queued', TASK_TRANSITIONS));
});

it.each(['docs/state-machines.md'])('%s names every state', () => {
  for (const state of [...Object.keys(JOB_TRANSITIONS), ...Object.keys(TASK_TRANSITIONS)]) {
    expect(PAGE).toContain(`| \`${state}\` |`);
  }
});
