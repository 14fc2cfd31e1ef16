import { parseTemplate } from './template';

describe('parseTemplate', () => {
  it.each([
    ['no reference', 'clip', [{ literal: 'clip' }]],
    ['nothing', '', []],
    ['a reference alone', '${a}', [{ reference: 'a' }]],
    [
      'references in a longer text',
      'x-${a}-${b}',
      [{ literal: 'x-' }, { reference: 'a' }, { literal: '-' }, { reference: 'b' }],
    ],
    ['references side by side', '${a}${b}', [{ reference: 'a' }, { reference: 'b' }]],
    ['an escaped ${', 'a $${b}', [{ literal: 'a ${b}' }]],
    ['a lone dollar', 'a $ b$', [{ literal: 'a $ b$' }]],
    ['a dollar before an escape', '$$${a}', [{ literal: '$${a}' }]],
    ['a system variable', '${System.PipelineName}', [{ reference: 'System.PipelineName' }]],
  ])('reads %s', (_reason, text, parts) => {
    expect(parseTemplate(text)).toEqual({ parts });
  });

  it.each([
    ['an open one', 'a ${b', 'a ${ without its }'],
    ['an empty one', '${}', '"" is no parameter name'],
    ['blanks in one', '${ a }', '" a " is no parameter name'],
    ['one in another', '${a${b}}', '"a${b" is no parameter name'],
    ['a dot', '${a.b}', '"a.b" is no parameter name'],
    ['an unknown system variable', '${System.Secret}', 'no system variable "System.Secret"'],
  ])('refuses %s', (_reason, text, problem) => {
    expect(parseTemplate(text)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
