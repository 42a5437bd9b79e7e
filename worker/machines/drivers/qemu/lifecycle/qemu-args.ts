import { createHash } from 'node:crypto'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { type BootSource, machineFiles } from '../state/machine-folders'

/** Ports of the agent besides its control line: so many scripts and connections at once. */
export const AGENT_CHANNEL_COUNT = 8

export interface QemuCommand {
  spec: MachineSpec
  /** Folder of the machine as QEMU sees it. */
  folder: string
  accelerator: 'kvm' | 'tcg'
  backing: string[]
  bootFrom: BootSource
  /** Number of the descriptor that holds a saved machine to go on from. */
  restoreFd?: number
}

/**
 * How QEMU is called. What decides the guest's hardware must stay the same between a template and
 * those restored from it, so nothing here may depend on the machine but what its end of a wire is.
 */
export function buildQemuArgs(machine: QemuCommand) {
  const { spec, accelerator } = machine
  const own = (name: string) => `${machine.folder}/${name}`
  const isDirect = machine.bootFrom !== 'disk'
  const words: string[][] = [
    ['-name', `guest=${spec.hostname}`, '-uuid', spec.id],
    ['-nodefaults', '-no-user-config', '-display', 'none'],
    ['-machine', `q35,hpet=on,usb=off,smbus=off,${isDirect ? 'sata=off,' : ''}vmport=off`],
    ['-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,tb-size=128,thread=multi'],
    ['-cpu', accelerator === 'kvm' ? 'host' : 'max'],
    ['-smp', `${spec.size.cpus}`, '-m', `${spec.size.memoryMiB}M`],
    ['-rtc', 'base=utc,clock=host'],
    // Stays there, stopped, after a shutdown or a panic, so that whoever looks later learns which it was.
    ['-action', 'shutdown=pause,panic=pause'],
    // No second program, no other identity, no control over scheduling: QEMU needs none of it once it runs.
    ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    machine.bootFrom === 'disk' ? [] : directBootArgs(machine.bootFrom),
    ['-qmp', `unix:${own(machineFiles.monitor)},server=on,wait=off`],
    [
      '-chardev',
      `${socketChardev('console', own(machineFiles.console))},logfile=${own(machineFiles.consoleLog)},logappend=on`,
    ],
    ['-serial', 'chardev:console'],
    ['-blockdev', JSON.stringify(diskBlockdev(own(machineFiles.disk), machine.backing))],
    ['-device', 'virtio-blk-pci,drive=disk'],
    ['-device', 'virtio-rng-pci', '-device', 'pvpanic'],
    ['-device', `virtio-serial-pci,id=agent,max_ports=${AGENT_CHANNEL_COUNT + 1}`],
    [
      '-chardev',
      socketChardev('control', own(machineFiles.control)),
      '-device',
      'virtconsole,chardev=control,nr=0',
    ],
    ...Array.from({ length: AGENT_CHANNEL_COUNT }, (_, n) => n + 1).map((n) => [
      '-chardev',
      socketChardev(`channel${n}`, own(machineFiles.channel(n))),
      '-device',
      `virtserialport,chardev=channel${n},nr=${n},name=meanwhile.${n}`,
    ]),
    // The card is always there, so that all machines of an image are alike. Without a way out nobody answers
    // at its other end; with one, QEMU itself lives in a network that has no way to this host.
    ['-netdev', `user,id=wire,ipv6=off,restrict=${spec.network === 'outbound' ? 'off' : 'on'}`],
    ['-device', `virtio-net-pci,netdev=wire,mac=${deriveMacAddress(spec.id)},romfile=`],
    machine.restoreFd === undefined ? [] : ['-incoming', `fd:${machine.restoreFd}`],
  ]
  return words.flat()
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

/** Names every image of the chain: nothing that is written inside one of them chooses the next. */
function diskBlockdev(own: string, backing: string[]) {
  const file = (filename: string, isOwn: boolean) => ({ driver: 'file', filename, 'read-only': !isOwn })
  const below = backing.reduceRight<object | null>(
    (next, path) => ({ driver: 'qcow2', 'read-only': true, file: file(path, false), backing: next }),
    null,
  )
  return {
    'node-name': 'disk',
    driver: 'qcow2',
    file: { ...file(own, true), 'node-name': 'disk-file' },
    discard: 'unmap',
    backing: below,
  }
}

/** Locally administered, one card, the same at every start. */
export function deriveMacAddress(id: string) {
  const hash = createHash('sha256').update(`mac ${id}`).digest('hex')
  return ['52', '54', '00', hash.slice(0, 2), hash.slice(2, 4), hash.slice(4, 6)].join(':')
}
