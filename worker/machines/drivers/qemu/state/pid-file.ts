import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isSameProcess, readStartTicks } from './processes'

const PID_FILE = 'owner.json'

/** Says that this process is at work in a folder. What it leaves there when it is killed is nobody's. */
export async function writePidFile(dir: string) {
  const owner = { pid: process.pid, startTicks: (await readStartTicks(process.pid)) ?? '' }
  await writeFile(path.join(dir, PID_FILE), JSON.stringify(owner))
}

/** Whether a process that lives is at work in this folder. */
export async function hasLivePidFile(dir: string) {
  const owner = await readFile(path.join(dir, PID_FILE), 'utf8').catch(() => undefined)
  return owner !== undefined && (await isSameProcess(JSON.parse(owner)))
}
