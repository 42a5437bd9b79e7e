import { lstatSync } from 'node:fs'
import path from 'node:path'

/** Direct kernel boot without a boot loader, or `disk` for an image with its own boot loader. */
export type BootSource = { kernel: string; initrd: string; arguments: string } | 'disk'

/** Names of the files in the folder of a machine, which its QEMU cannot see. */
export const machineFiles = {
  state: 'machine.json',
  consoleLog: 'console.log',
  emulatorLog: 'emulator.log',
  networkLog: 'network.log',
}

/** Names of the files in the folder that QEMU may write to. What lies there is untrusted. */
export const guestFiles = {
  disk: 'disk.qcow2',
  monitor: 'monitor.sock',
  control: 'control.sock',
  console: 'console.sock',
  channel: (number: number) => `channel-${number}.sock`,
}

/**
 * The folder below a machine's `folder` that its QEMU may write to. A QEMU that an earlier version started writes to the
 * whole folder until its next start.
 */
export function guestFolderOf(folder: string) {
  const guestFolder = path.join(folder, 'guest')
  return lstatSync(guestFolder, { throwIfNoEntry: false })?.isDirectory() ? guestFolder : folder
}

export const guestFileOf = (folder: string, name: string) => path.join(guestFolderOf(folder), name)
