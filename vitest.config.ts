import path from 'node:path'
import { defineConfig } from 'vitest/config'

const alias = { '@': path.resolve(import.meta.dirname) }

/** Events of other processes take long on a busy computer. */
const expect = { poll: { timeout: 10_000 } }
/** Test files that change environment variables, which modules read once. */
const WITH_OWN_CONFIG = [
  'tests/integration/uploads/{expire-uploads,reserve-upload}.test.ts',
  'tests/integration/{archives,imports}/*.test.ts',
  'tests/integration/{realtime/change-feed,video/early-look,web/uploads}.test.ts',
]
/** Test files that need the S3 service. */
const S3_FILES = 'tests/integration/storage/s3*.test.ts'
const AUTH_SECRET = 'secret-of-the-integration-tests-0123'
const integration = {
  env: {
    AUTH_SECRET,
    // The address of tests/support/{webhook-receiver,push-service,remote-file}.ts.
    WEBHOOK_ALLOW_PRIVATE: '127.0.0.2/32',
    IMPORT_ALLOW_PRIVATE: '127.0.0.2/32',
    PUSH_ALLOW_PRIVATE: '127.0.0.2/32',
    PUSH_SERVICES: '127.0.0.2',
  },
  globalSetup: ['tests/support/global-postgres.ts'],
  setupFiles: ['tests/support/register-tasks.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect,
  // Each file has its own database, and waits for half of the time.
  maxWorkers: 3,
}

export default defineConfig({
  resolve: { alias },
  test: {
    tags: [{ name: 'full', description: 'Takes too long for npm test. npm run test:full also runs it.' }],
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{app,cli,client,lib,scripts,worker}/**/*.test.ts'],
          // They keep no state in modules.
          isolate: false,
        },
      },
      {
        resolve: { alias },
        test: {
          ...integration,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: [...WITH_OWN_CONFIG, S3_FILES],
          setupFiles: [...integration.setupFiles, 'tests/support/unchanged-configuration.ts'],
          // Files share loaded modules, which takes a quarter of the CPU time away.
          isolate: false,
        },
      },
      {
        resolve: { alias },
        test: { ...integration, name: 'integration-isolated', include: WITH_OWN_CONFIG },
      },
      {
        resolve: { alias },
        test: {
          ...integration,
          name: 'integration-s3',
          include: [S3_FILES],
          globalSetup: [...integration.globalSetup, 'tests/support/global-s3.ts'],
        },
      },
      {
        resolve: { alias },
        // Each file starts processes with a configuration of its own.
        test: { ...integration, name: 'attacks', include: ['tests/attacks/**/*.test.ts'], maxWorkers: 2 },
      },
      {
        resolve: { alias },
        test: {
          name: 'faults',
          env: { AUTH_SECRET },
          include: ['tests/faults/**/*.test.ts'],
          globalSetup: ['tests/support/global-postgres.ts'],
          setupFiles: ['tests/support/register-tasks.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect,
          maxWorkers: 1,
        },
      },
    ],
  },
})
