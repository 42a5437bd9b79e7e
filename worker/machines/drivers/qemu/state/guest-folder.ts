import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { statRegularFile } from '@/lib/storage/regular-file'
import { guestFiles, guestFolderOf, machineFiles } from './machine-files'

/** Own files, with those that the console follower derives from the log. */
const OWN_FILE_PATTERN = new RegExp(
  `^(${machineFiles.state}|${machineFiles.consoleLog}(\\.old)?(\\.times)?|${machineFiles.emulatorLog}|${machineFiles.networkLog}|owner\\.json)$`,
)

/**
 * Prepares the folder that QEMU may write to for its next start: it contains only the disk. Moves the files of a machine
 * that an earlier version created, whose QEMU could write to the whole folder. Call it only while no QEMU runs.
 * @returns the path of the disk, which may not exist yet
 */
export async function prepareGuestFolder(folder: string) {
  const legacyDisk = path.join(folder, guestFiles.disk)
  if (guestFolderOf(folder) === folder) {
    await rm(path.join(folder, 'guest'), { force: true })
    await removeUnexpected(folder, (name) => OWN_FILE_PATTERN.test(name) || name === guestFiles.disk)
    await mkdir(path.join(folder, 'guest'), { mode: 0o700 })
  }
  const disk = path.join(folder, 'guest', guestFiles.disk)
  if (await statRegularFile(legacyDisk)) await rename(legacyDisk, disk)
  await removeUnexpected(path.dirname(disk), (name) => name === guestFiles.disk)
  return disk
}

/** Removes everything but regular files with expected names. */
async function removeUnexpected(dir: string, isExpected: (name: string) => boolean) {
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name)
    const stats = isExpected(name) ? await statRegularFile(file) : null
    if (stats?.nlink !== 1) await rm(file, { recursive: true, force: true })
  }
}
