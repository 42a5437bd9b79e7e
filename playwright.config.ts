import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = '/usr/bin/chromium'
export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/support/build-app',
  outputDir: 'test-results/e2e',
  // A second worker would start a second app and browser, and both would wait for the same cores.
  workers: 1,
  retries: 0,
  grepInvert: process.env.TEST_FULL ? undefined : /@full/,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: existsSync(chromium) ? chromium : undefined,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
})
