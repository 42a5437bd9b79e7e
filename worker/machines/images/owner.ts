import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isSameProcess, startTicksOf } from '../qemu/processes'

const OWNER = 'owner.json'

/** Says that this process is at work in a folder. What it leaves there when it is killed is nobody's. */
export async function own(dir: string) {
  const owner = { pid: process.pid, startTicks: (await startTicksOf(process.pid)) ?? '' }
  await writeFile(path.join(dir, OWNER), JSON.stringify(owner))
}

/** Whether a process that lives is at work in this folder. */
export async function isOwned(dir: string) {
  const owner = await readFile(path.join(dir, OWNER), 'utf8').catch(() => undefined)
  return owner !== undefined && (await isSameProcess(JSON.parse(owner)))
}
