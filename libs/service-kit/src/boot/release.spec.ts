import { version } from '../../../../package.json';
import { RELEASE } from './release';

it('the release is that of package.json', () => {
  expect(RELEASE).toBe(version);
});
