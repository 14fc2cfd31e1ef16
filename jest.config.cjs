const LIBS = 'errors|media|archive|pipeline|contracts|bus|object-store|catalog|ffmpeg|service-kit|testkit';

/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', {}] },
  moduleNameMapper: {
    [`^@clipmesh/(${LIBS})$`]: '<rootDir>/libs/$1/src/index.ts',
    '^@clipmesh/local$': '<rootDir>/deploy/local/mesh/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/'],
};

// unit: no server, no ffmpeg. servers: adapters and loops against real servers. e2e: the whole mesh as processes.
/** @type {import('jest').Config} */
module.exports = {
  // Tests wait for servers and for ffmpeg more than they compute: on two cores jest would take one file at a time.
  maxWorkers: 2,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/(apps|libs)/**/src/**/*.spec.ts',
        '<rootDir>/test/**/*.spec.ts',
        '<rootDir>/deploy/**/*.spec.ts',
      ],
      testPathIgnorePatterns: ['\\.servers\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'servers',
      testMatch: [
        '<rootDir>/(apps|libs)/**/src/**/*.servers.spec.ts',
        '<rootDir>/deploy/**/*.servers.spec.ts',
        '<rootDir>/test/**/*.servers.spec.ts',
      ],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'] },
  ],
};
