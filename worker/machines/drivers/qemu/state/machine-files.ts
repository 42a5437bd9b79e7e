/** Direct kernel boot without a boot loader, or `disk` for an image with its own boot loader. */
export type BootSource = { kernel: string; initrd: string; arguments: string } | 'disk'

/** File names in the folder of a machine. */
export const machineFiles = {
  state: 'machine.json',
  disk: 'disk.qcow2',
  monitor: 'monitor.sock',
  control: 'control.sock',
  console: 'console.sock',
  consoleLog: 'console.log',
  emulatorLog: 'emulator.log',
  networkLog: 'network.log',
  channel: (number: number) => `channel-${number}.sock`,
}
