import { createHash } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { describeBackingChain } from '../images/backing-chain'
import { type BootSource, guestFiles } from '../state/machine-files'

/** Virtio ports of the agent besides the control channel: the limit on concurrent scripts and connections. */
export const AGENT_CHANNEL_COUNT = 8

const CONSOLE_LOG_SET = 1

export interface QemuCommand {
  spec: MachineSpec
  /** The folder that QEMU may write to, as QEMU sees it. */
  guestFolder: string
  /** File descriptor of the console log, which is outside that folder. */
  consoleLogFd: number
  accelerator: 'kvm' | 'tcg'
  backing: string[]
  bootFrom: BootSource
  /** File descriptor of a saved VM state to restore. */
  restoreFd?: number
}

/**
 * Builds the command line of QEMU. The guest hardware must be the same in a template and in all machines restored from
 * it, so only the host's side (paths, name, network) may depend on the machine. See HARDWARE_VERSION in template-store.ts.
 */
export function buildQemuArgs(machine: QemuCommand) {
  const { spec, accelerator } = machine
  const inFolder = (name: string) => `${machine.guestFolder}/${name}`
  const isDirect = machine.bootFrom !== 'disk'
  const args: string[][] = [
    ['-name', `guest=${spec.hostname}`, '-uuid', spec.id],
    ['-nodefaults', '-no-user-config', '-display', 'none'],
    ['-machine', `q35,hpet=on,usb=off,smbus=off,${isDirect ? 'sata=off,' : ''}vmport=off`],
    ['-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,tb-size=128,thread=multi'],
    ['-cpu', accelerator === 'kvm' ? 'host' : 'max'],
    ['-smp', `${spec.size.cpus}`, '-m', `${spec.size.memoryMiB}M`],
    ['-rtc', 'base=utc,clock=host'],
    // Pauses after a shutdown or panic, so that observeQemuMachine can distinguish them.
    ['-action', 'shutdown=pause,panic=pause'],
    // A running QEMU needs no child processes, no other user and no control over scheduling.
    ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    machine.bootFrom === 'disk' ? [] : directBootArgs(machine.bootFrom),
    ['-qmp', `unix:${inFolder(guestFiles.monitor)},server=on,wait=off`],
    ['-add-fd', `fd=${machine.consoleLogFd},set=${CONSOLE_LOG_SET}`],
    [
      '-chardev',
      `${socketChardev('console', inFolder(guestFiles.console))},logfile=/dev/fdset/${CONSOLE_LOG_SET},logappend=on`,
    ],
    ['-serial', 'chardev:console'],
    ['-blockdev', JSON.stringify(diskBlockdev(inFolder(guestFiles.disk), machine.backing))],
    ['-device', 'virtio-blk-pci,drive=disk'],
    ['-device', 'virtio-rng-pci', '-device', 'pvpanic'],
    ['-device', `virtio-serial-pci,id=agent,max_ports=${AGENT_CHANNEL_COUNT + 1}`],
    [
      '-chardev',
      socketChardev('control', inFolder(guestFiles.control)),
      '-device',
      'virtconsole,chardev=control,nr=0',
    ],
    ...Array.from({ length: AGENT_CHANNEL_COUNT }, (_, n) => n + 1).map((n) => [
      '-chardev',
      socketChardev(`channel${n}`, inFolder(guestFiles.channel(n))),
      '-device',
      `virtserialport,chardev=channel${n},nr=${n},name=meanwhile.${n}`,
    ]),
    // The network card is always present, so that all machines of an image have the same hardware. Without outbound
    // access, restrict=on drops its traffic; with it, QEMU runs in a network namespace that cannot reach this host.
    ['-netdev', `user,id=wire,ipv6=off,restrict=${spec.network === 'outbound' ? 'off' : 'on'}`],
    ['-device', `virtio-net-pci,netdev=wire,mac=${deriveMacAddress(spec.id)},romfile=`],
    machine.restoreFd === undefined ? [] : ['-incoming', `fd:${machine.restoreFd}`],
  ]
  return args.flat()
}

const socketChardev = (id: string, path: string) => `socket,id=${id},path=${path},server=on,wait=off`

const directBootArgs = (kernel: Exclude<BootSource, 'disk'>) => [
  '-bios',
  'qboot.rom',
  '-kernel',
  kernel.kernel,
  '-initrd',
  kernel.initrd,
  '-append',
  kernel.arguments,
]

const diskBlockdev = (disk: string, backing: string[]) => ({
  'node-name': 'disk',
  driver: 'qcow2',
  file: { driver: 'file', filename: disk, 'node-name': 'disk-file' },
  discard: 'unmap',
  backing: describeBackingChain(backing),
})

/** A stable MAC address with the prefix of QEMU, 52:54:00. */
export function deriveMacAddress(id: string) {
  const hash = createHash('sha256').update(`mac ${id}`).digest('hex')
  return ['52', '54', '00', hash.slice(0, 2), hash.slice(2, 4), hash.slice(4, 6)].join(':')
}
