import { ERROR_CODES, ExportError, type ErrorKind } from '@clipmesh/errors';
import { errorBody, errorFromBody, statusOfKind } from './error-body';

const full = new ExportError('RangeInvalid', {
  message: 'the range is empty',
  target: 'properties.range',
  details: { startMs: 1, endMs: 1 },
  problems: [{ code: 'RangeInvalid', message: 'empty', target: 'properties.range' }],
});

it('an error comes out of its body as it went in', () => {
  const { code, message, target, details, problems, hint } = full;
  const back = errorFromBody(JSON.parse(JSON.stringify(errorBody(full))), 'fallback');
  expect(back).toMatchObject({ code, message, target, details, problems, hint });
});

it('a body says nothing of what the error does not have', () => {
  const { error } = errorBody(new ExportError('JobNotFound', { message: 'no job j' }));
  expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
});

it('the text and the details of a defect stay here', () => {
  const defect = new ExportError('InternalError', { message: 'password is x', details: { password: 'x' } });
  expect(errorBody(defect).error).toEqual({
    code: 'InternalError',
    message: ERROR_CODES.InternalError.meaning,
    hint: ERROR_CODES.InternalError.remedy,
  });
});

it.each([
  ['nothing', undefined],
  ['text', 'oops'],
  ['another shape', { error: 'oops' }],
  ['a code of a newer release', { error: { code: 'NotYetInvented', message: 'x' } }],
])('%s becomes an InternalError that shows what was answered', (_, body) => {
  expect(errorFromBody(body, 'x answers oddly')).toMatchObject({
    code: 'InternalError',
    message: 'x answers oddly',
    details: { answer: body },
  });
});

it('every kind has a status', () => {
  const kinds = new Set<ErrorKind>(Object.values(ERROR_CODES).map(({ kind }) => kind));
  expect([...kinds].every((kind) => statusOfKind(kind) >= 400)).toBe(true);
});
