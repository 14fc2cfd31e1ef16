import { assertFilter, assertKey } from './keys';

it.each(['a', 'a.b', 'a-b_c=d/e.1'])('%s is a key', (key) => {
  expect(() => {
    assertKey(key);
  }).not.toThrow();
});

it.each(['', '.', 'a.', '.a', 'a..b', '*', 'a.>', 'a b', 'ä', 'a\r\nb'])('%j is no key', (key) => {
  expect(() => {
    assertKey(key);
  }).toThrow('not a key');
});

it.each(['>', '*', 'a', 'a.*', '*.b', 'a.>', '*.*.c'])('%s is a filter', (filter) => {
  expect(() => {
    assertFilter(filter);
  }).not.toThrow();
});

it.each(['', 'a.', '>.a', 'a.>.b', 'a*', 'a b'])('%j is no filter', (filter) => {
  expect(() => {
    assertFilter(filter);
  }).toThrow('not a filter');
});
