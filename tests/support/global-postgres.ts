import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that every test file copies. */
    templateUrl: string
  }
}

/** One real Postgres for the run. */
export default async function setup(project: TestProject) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-test-'))
  const postgres = await startPostgres({ dataDir, database: 'template_meanwhile' })
  await migrate(postgres.url)
  project.provide('templateUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
