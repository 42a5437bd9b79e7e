import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** When the process began, in clock ticks since boot: tells a process from a later one with its number (proc(5)). */
function startTime(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
  } catch {
    return undefined
  }
}

/** One Meanwhile per folder. A lock whose holder was killed is taken over. */
export async function lockDataDir(dataDir: string) {
  const file = path.join(dataDir, 'meanwhile.lock')
  const mine = `${process.pid} ${startTime(process.pid) ?? ''}`
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' })
      return { isHeld: true as const, pid: process.pid, release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid, started] = readFileSync(file, 'utf8').split(' ')
    if (pid && startTime(Number(pid)) !== undefined && startTime(Number(pid)) === started)
      return { isHeld: false as const, pid: Number(pid), release: () => undefined }
    rmSync(file, { force: true })
  }
  throw new Error(`${file} could not be taken`)
}
