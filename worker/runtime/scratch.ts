import { mkdir, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { isProcessAlive } from '../process/process-identity'

/** The name of this worker's directory, unique among all workers on all computers. */
export const scratchDirName = () => `${hostname()}.${process.pid}`

/** Creates this worker's directory, empty, and removes those of dead workers on this computer. */
export async function prepareScratchDir(scratchDir: string) {
  const parentDir = path.dirname(scratchDir)
  await mkdir(parentDir, { recursive: true })
  for (const name of await readdir(parentDir)) {
    const isLocal = name.startsWith(`${hostname()}.`)
    if (isLocal && !(await isProcessAlive(Number(name.split('.').at(-1)))))
      await rm(path.join(parentDir, name), { recursive: true, force: true })
  }
  await rm(scratchDir, { recursive: true, force: true })
  await mkdir(scratchDir)
}

/** Runs `work` with a directory for the task, which is removed afterwards. */
export async function withScratchDir<T>(
  { taskId, context }: { taskId: string; context: { scratchDir: string } },
  work: (dir: string) => Promise<T>,
) {
  const dir = path.join(context.scratchDir, taskId)
  // The sandbox runs programs as the user nobody.
  await mkdir(dir, { recursive: true, mode: 0o777 })
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
