// Lets a test run a service of this repository from its source, in a process of its own: node --require this file.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const ROOT = join(__dirname, '../../../..');
const { jsc } = JSON.parse(readFileSync(join(ROOT, '.swcrc'), 'utf8'));
const options = {
  cwd: ROOT,
  swcrc: false,
  jsc: { ...jsc, baseUrl: ROOT },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

require.extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};
