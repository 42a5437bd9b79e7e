import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import buildTestServer from './build-test-server'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that every test file copies. */
    templateUrl: string
  }
}

/** Compiles the processes, so that tests never run old code, and starts one real Postgres for the run. */
export default async function setup(project: TestProject) {
  await buildTestServer()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-test-'))
  const postgres = await startPostgres({ dataDir, database: 'template_meanwhile' })
  await migrate(postgres.url)
  project.provide('templateUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
