import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { type Config, config } from '@/lib/config'
import { databaseUrl, type Db, openDb } from '@/lib/db'
import { storage } from '@/lib/storage/this-storage'
import type { Storage } from '@/lib/storage/storage'
import { openBoss } from '@/lib/tasks/boss'
import { scratchName } from './scratch'

/** Everything a handler may use. Only here implementations are chosen. */
export interface WorkerContext {
  config: Config
  db: Db
  boss: PgBoss
  storage: Storage
  /** Folder for files that live as long as one run. */
  scratchDir: string
}

export async function openContext(): Promise<WorkerContext> {
  const url = databaseUrl()
  const boss = openBoss({ url, supervise: true, poolSize: 10 })
  await boss.start()
  return {
    config: config(),
    db: openDb({ url }),
    boss,
    storage: storage(),
    scratchDir: path.join(config().DATA_DIR, 'scratch', scratchName()),
  }
}
