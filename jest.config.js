/** Shops of their own packages and databases, whose tests run where `SHOPS` names them: `SHOPS=medusa`. */
const otherShops = ['medusa'].filter((shop) => !(process.env['SHOPS'] ?? '').split(',').includes(shop));

export default {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testEnvironment: '<rootDir>/tests/support/engine/runner/one-realm.cjs',
  runtime: '<rootDir>/tests/support/engine/runner/native-packages.cjs',
  // CommonJS through swc: fastest by far. `.js` for `marked`, which is ESM only.
  transform: {
    '^.+\\.(t|j)s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(marked)/)'],
  globalSetup: '<rootDir>/tests/support/engine/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/engine/global-teardown.ts',
  testPathIgnorePatterns: ['/node_modules/', ...otherShops.map((shop) => `<rootDir>/tests/.*/${shop}[./]`)],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.vendor-portals', '<rootDir>/shops'],
  testSequencer: '<rootDir>/tests/support/engine/slow-first.mjs',
  testTimeout: 120_000,
  // One more than the cores that CI has: crash tests wait for time limits most of their time.
  maxWorkers: 3,
};
