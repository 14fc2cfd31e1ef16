/** Names of topologies, jobs, videos, nodes and parameters; compared exactly, never encoded. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const NAME_EXPECTED = 'a name of letters, digits, _ and -, at most 64, first a letter or digit';
