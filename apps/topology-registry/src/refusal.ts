import { ExportError, type Problem } from '@clipmesh/errors';

/** All that is wrong with a request as the one error that its caller gets. */
export function refusal(problems: readonly [Problem, ...Problem[]]): ExportError {
  const [first, ...others] = problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more, see details)`;
  return new ExportError(first.code, {
    message: `${first.target}: ${first.message}${more}`,
    target: first.target,
    problems,
  });
}

export function topologyNotFound(name: string): ExportError {
  return new ExportError('TopologyNotFound', { message: `no topology has the name ${name}`, target: 'name' });
}
