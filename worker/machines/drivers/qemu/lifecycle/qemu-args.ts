import { createHash } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { type BootSource, machineFiles } from '../state/machine-files'

/** Virtio ports of the agent besides the control channel: the limit on concurrent scripts and connections. */
export const AGENT_CHANNEL_COUNT = 8

export interface QemuCommand {
  spec: MachineSpec
  /** The machine's folder as QEMU sees it. */
  folder: string
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
  const inFolder = (name: string) => `${machine.folder}/${name}`
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
    ['-qmp', `unix:${inFolder(machineFiles.monitor)},server=on,wait=off`],
    [
      '-chardev',
      `${socketChardev('console', inFolder(machineFiles.console))},logfile=${inFolder(machineFiles.consoleLog)},logappend=on`,
    ],
    ['-serial', 'chardev:console'],
    ['-blockdev', JSON.stringify(diskBlockdev(inFolder(machineFiles.disk), machine.backing))],
    ['-device', 'virtio-blk-pci,drive=disk'],
    ['-device', 'virtio-rng-pci', '-device', 'pvpanic'],
    ['-device', `virtio-serial-pci,id=agent,max_ports=${AGENT_CHANNEL_COUNT + 1}`],
    [
      '-chardev',
      socketChardev('control', inFolder(machineFiles.control)),
      '-device',
      'virtconsole,chardev=control,nr=0',
    ],
    ...Array.from({ length: AGENT_CHANNEL_COUNT }, (_, n) => n + 1).map((n) => [
      '-chardev',
      socketChardev(`channel${n}`, inFolder(machineFiles.channel(n))),
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

/** Names every file of the backing chain explicitly, so that no header inside an image selects the next file. */
function diskBlockdev(disk: string, backing: string[]) {
  const file = (filename: string, isWritable: boolean) => ({
    driver: 'file',
    filename,
    'read-only': !isWritable,
  })
  const backingChain = backing.reduceRight<object | null>(
    (next, path) => ({ driver: 'qcow2', 'read-only': true, file: file(path, false), backing: next }),
    null,
  )
  return {
    'node-name': 'disk',
    driver: 'qcow2',
    file: { ...file(disk, true), 'node-name': 'disk-file' },
    discard: 'unmap',
    backing: backingChain,
  }
}

/** A stable MAC address with the prefix of QEMU, 52:54:00. */
export function deriveMacAddress(id: string) {
  const hash = createHash('sha256').update(`mac ${id}`).digest('hex')
  return ['52', '54', '00', hash.slice(0, 2), hash.slice(2, 4), hash.slice(4, 6)].join(':')
}
