import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { type Config, config } from '@/lib/config'
import { databaseUrl, type Db, openDb } from '@/lib/db'
import { storage } from '@/lib/storage/this-storage'
import type { Storage } from '@/lib/storage/storage'
import { openBoss } from '@/lib/tasks/boss'
import { FakeHypervisor } from './machines/fake'
import { hostIdOf, MachineHost } from './machines/machine-host'
import { QemuHypervisor } from './machines/qemu/driver'
import { scratchName } from './scratch'

/** Everything a handler may use. Only here implementations are chosen. */
export interface WorkerContext {
  config: Config
  db: Db
  boss: PgBoss
  storage: Storage
  /** Folder for files that live as long as one run. */
  scratchDir: string
  /** The host this worker speaks for, where it runs machines. */
  host?: MachineHost
}

export async function openContext(): Promise<WorkerContext> {
  const { DATA_DIR } = config()
  const url = databaseUrl()
  const boss = openBoss({ url, supervise: true, poolSize: 10 })
  await boss.start()
  return {
    config: config(),
    db: openDb({ url }),
    boss,
    storage: storage(),
    scratchDir: path.join(DATA_DIR, 'scratch', scratchName()),
    host: await openHost(DATA_DIR),
  }
}

async function openHost(dataDir: string) {
  const hypervisor = await chooseHypervisor(config())
  return hypervisor && new MachineHost(await hostIdOf(dataDir), hypervisor)
}

/** What runs machines on this computer. */
async function chooseHypervisor({ MACHINE_DRIVER, MACHINE_ANSWER_SECONDS, MEDIA_SANDBOX, DATA_DIR }: Config) {
  if (MACHINE_DRIVER === 'off') return undefined
  if (MACHINE_DRIVER === 'fake') return new FakeHypervisor({ stageMs: 100 })
  return QemuHypervisor.open({
    dataDir: DATA_DIR,
    isConfined: MEDIA_SANDBOX === 'on',
    answerMs: MACHINE_ANSWER_SECONDS * 1000,
  })
}
