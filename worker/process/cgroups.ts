import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { log } from '@/lib/log'

/**
 * Groups of programs. A busy process of the app itself weighs 100, so it receives more than half of a core for which
 * both groups compete, however many processes they have; machines, which users wait for, receive more than transcodes.
 */
const GROUPS = {
  background: { cpuWeight: 20, maxProcesses: 2_048 },
  machines: { cpuWeight: 50, maxProcesses: 4_096 },
}
export type CgroupName = keyof typeof GROUPS

const NAMES = Object.keys(GROUPS) as CgroupName[]
const toDir = (own: string, name: CgroupName) => path.join(own, `meanwhile-${name}`)

let root: string | undefined

/**
 * Creates the groups below the cgroup of this process, if that is delegated to it, for all programs started from now on.
 * Otherwise only their niceness ranks them. Idempotent; other workers in the same cgroup share the groups.
 */
export function createCgroups(own = findDelegatedCgroup()) {
  if (!own) return log.info('no delegated cgroup: background programs run at a lower niceness only')
  try {
    const controllers = readControllers(own)
    for (const name of NAMES) {
      mkdirSync(toDir(own, name), { recursive: true })
      write(toDir(own, name), 'cgroup.type', 'threaded')
    }
    write(own, 'cgroup.subtree_control', controllers.map((controller) => `+${controller}`).join(' '))
    for (const name of NAMES) {
      const { cpuWeight, maxProcesses } = GROUPS[name]
      if (controllers.includes('cpu')) write(toDir(own, name), 'cpu.weight', `${cpuWeight}`)
      if (controllers.includes('pids')) write(toDir(own, name), 'pids.max', `${maxProcesses}`)
    }
    root = own
    log.info({ cgroup: own, controllers }, 'cgroups created for background programs and machines')
  } catch (error) {
    log.warn({ err: error, cgroup: own }, 'cgroups could not be created: niceness alone ranks programs')
    removeCgroups(own)
  }
}

/** Removes the groups that contain no process. */
export function removeCgroups(own = root) {
  root = undefined
  for (const name of own ? NAMES : [])
    try {
      rmdirSync(toDir(own!, name))
    } catch {
      // Machines outlive the worker, and other workers may use the group.
    }
}

/** The file to which a program writes its PID to join the group; /dev/null where there are no groups. */
export const cgroupProcsFile = (name: CgroupName) =>
  root ? `${toDir(root, name)}/cgroup.procs` : '/dev/null'

/**
 * The cgroup v2 of this process if it may create groups in it that have the cpu or pids controller: in a systemd unit with
 * `Delegate=cpu pids`, or a container with a writable cgroup. The root of the hierarchy is never delegated.
 */
export function findDelegatedCgroup(proc = '/proc/self') {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync(`${proc}/cgroup`, 'utf8'))?.[1]
    const mount = /^\S+ \S+ \S+ (\S+) (\S+) .* - cgroup2 /m.exec(readFileSync(`${proc}/mountinfo`, 'utf8'))
    if (own === undefined || !mount) return undefined
    const dir = path.join(mount[2]!, path.relative(mount[1]!, own))
    for (const file of ['', 'cgroup.procs', 'cgroup.subtree_control'])
      accessSync(path.join(dir, file), constants.W_OK)
    const isRoot = !existsSync(path.join(dir, 'cgroup.type'))
    return !isRoot && readControllers(dir).length > 0 ? dir : undefined
  } catch {
    return undefined
  }
}

/** cpu and pids are threaded controllers, so this process may stay beside the groups (cgroups(7), "Thread mode"). */
const readControllers = (dir: string) =>
  readFileSync(path.join(dir, 'cgroup.controllers'), 'utf8')
    .trim()
    .split(' ')
    .filter((controller) => ['cpu', 'pids'].includes(controller))

const write = (dir: string, file: string, value: string) => writeFileSync(path.join(dir, file), value)
