// The import rules of the design, held by `npm test`. Each rule's comment is what a newcomer is told when it breaks.
const PURE = '^libs/(errors|media|archive|pipeline)/src';
const onlyIn = (name, lib, pattern) => ({
  name: `${name}-only-in-${lib.replace(/[^a-z]+/g, '-')}`,
  comment: `Only ${lib} may import ${name}.`,
  severity: 'error',
  from: { pathNot: `^${lib}` },
  to: { path: pattern },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'apps-never-import-each-other',
      comment: 'Apps meet in libs/contracts and nowhere else.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps',
      comment: 'A lib knows nothing of who uses it.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'libs-are-entered-by-their-index',
      comment: 'What a lib does not export is its own business.',
      severity: 'error',
      from: { path: '^(apps|libs|test|deploy)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: '^libs/$2/' },
    },
    {
      name: 'pure-libs-stay-pure',
      comment:
        'media, archive and pipeline are plain TypeScript: no framework, no client, no input or output.',
      severity: 'error',
      from: { path: PURE, pathNot: '\\.spec\\.ts$' },
      to: {
        path: [
          '^libs/(bus|object-store|catalog|ffmpeg|service-kit|contracts|testkit)/',
          'node_modules/(@nestjs|nats|minio|fluent-ffmpeg|rxjs|class-validator|class-transformer|pino)/',
          '^(fs|fs/promises|net|http|https|child_process|os|stream|timers|timers/promises|worker_threads)$',
        ],
      },
    },
    {
      name: 'contracts-carry-no-machinery',
      comment: 'contracts may use the pure libs, class-validator and class-transformer.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: {
        path: '^libs/(bus|object-store|catalog|ffmpeg|service-kit|testkit)/|node_modules/(@nestjs|nats|minio|rxjs)/',
      },
    },
    {
      name: 'testkit-is-for-tests',
      comment: 'Nothing that ships imports the testkit.',
      severity: 'error',
      from: {
        path: '^(apps|libs|deploy)/',
        pathNot: ['^libs/testkit/', '^(apps|libs)/[^/]+/test/', '\\.spec\\.ts$'],
      },
      to: { path: '^libs/testkit/' },
    },
    onlyIn('nats', 'libs/bus/', 'node_modules/nats/'),
    onlyIn('minio', 'libs/object-store/', 'node_modules/minio/'),
    onlyIn('fluent-ffmpeg', 'libs/ffmpeg/', 'node_modules/(@types/)?fluent-ffmpeg/'),
    {
      name: 'processes-only-in-ffmpeg',
      comment: 'Only libs/ffmpeg starts ffmpeg; the local mesh and the testkit start servers.',
      severity: 'error',
      from: { pathNot: '^(libs/ffmpeg|libs/testkit|deploy/local|test)/' },
      to: { path: '^child_process$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
  },
};
