import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = '/usr/bin/chromium'
/** They begin first, so that no worker waits for the other at the end. */
const LONG_FILES = /(upload-and-watch|machines|pages)\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/support/build-app',
  outputDir: 'test-results/e2e',
  // Each worker starts its own app.
  workers: 2,
  projects: [
    { name: 'long files', testMatch: LONG_FILES },
    { name: 'other files', testIgnore: LONG_FILES },
  ],
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
