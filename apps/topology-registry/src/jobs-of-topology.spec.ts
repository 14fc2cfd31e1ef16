import { ExportError } from '@clipmesh/errors';
import { findJobOf } from './jobs-of-topology';

describe('findJobOf', () => {
  it.each([
    ['every state', undefined, { topologyName: 'export', top: 1 }],
    ['Processing', 'Processing', { topologyName: 'export', state: 'Processing', top: 1 }],
  ] as const)('asks for one job in %s', async (_what, state, question) => {
    const asked: unknown[] = [];
    const ask = (subject: string, body: unknown): Promise<unknown> => {
      asked.push([subject, body]);
      return Promise.resolve({ value: [] });
    };
    await findJobOf('export', ask, state);
    expect(asked).toEqual([['clipmesh.v1.jobs.list', question]]);
  });

  it('gives the name of the job', async () => {
    expect(await findJobOf('export', () => Promise.resolve({ value: [{ name: 'job-1' }] }))).toBe('job-1');
  });

  it('finds a job also when it cannot read its name', async () => {
    expect(await findJobOf('export', () => Promise.resolve({ value: [{}] }))).toBe('');
  });

  it('says what cannot be told when nobody answers', async () => {
    const ask = (): Promise<unknown> => Promise.reject(new ExportError('NoResponder', { message: 'nobody' }));
    await expect(findJobOf('export', ask)).rejects.toMatchObject({
      code: 'NoResponder',
      message: 'whether jobs of the topology export exist cannot be told: nobody',
    });
  });

  it.each([[{}], [null], [{ value: 'none' }]])('takes %j for no answer', async (answer) => {
    await expect(findJobOf('export', () => Promise.resolve(answer))).rejects.toMatchObject({
      code: 'InternalError',
    });
  });
});
