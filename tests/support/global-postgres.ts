import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { processSingleton } from '@/lib/concurrency/process-singleton'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import buildTestServer from './build-test-server'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that every test file copies. */
    templateUrl: string
  }
}

interface SharedPostgres {
  users: number
  running: Promise<{ url: string; stop(): Promise<void> }>
}

const shared = processSingleton<SharedPostgres>('postgres of the tests')

/** Provides the Postgres of the run, one for all projects. */
export default async function setup(project: TestProject) {
  const postgres = (shared.current ??= { users: 0, running: start() })
  postgres.users++
  project.provide('templateUrl', (await postgres.running).url)
  return async () => {
    if (--postgres.users === 0) await (await postgres.running).stop()
  }
}

/** Compiles the processes, so that tests never run old code, and starts one real Postgres. */
async function start() {
  await buildTestServer()
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-test-'))
  const postgres = await startPostgres({ dataDir, database: 'template_meanwhile' })
  await migrate(postgres.url)
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
