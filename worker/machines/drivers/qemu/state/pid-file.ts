import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isSameProcess, type ProcessIdentity, readStartTicks } from '@/worker/process/process-identity'

const PID_FILE = 'owner.json'

/** Marks a folder as in use by this process. Once the process is gone, the folder is garbage. */
export async function writePidFile(dir: string) {
  const owner: ProcessIdentity = { pid: process.pid, startTicks: (await readStartTicks(process.pid)) ?? '' }
  await writeFile(path.join(dir, PID_FILE), JSON.stringify(owner))
}

/** True while the process that marked the folder is alive. */
export async function hasLivePidFile(dir: string) {
  const owner = await readFile(path.join(dir, PID_FILE), 'utf8').catch(() => undefined)
  return owner !== undefined && (await isSameProcess(JSON.parse(owner)))
}
