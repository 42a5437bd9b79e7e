import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ip = (...args: string[]) => run('ip', args)

/** The folder in which each host sees its own disk. */
export const DISK = '/mnt'
/** Of programs on a host: that of the tests. */
const WORKING_DIR = `--wdns=${process.cwd()}`
/** The host of the tests themselves. */
const ADDRESS_OF_TESTS = 1

export type Network = Awaited<ReturnType<typeof createNetwork>>
export type Host = Awaited<ReturnType<Network['addHost']>>

/**
 * Creates a network of simulated computers: namespaces with an address, a host name, processes and a disk of their own,
 * connected by virtual cables to a switch. The tests reach all of them. Everything in it ends with this process, also by a
 * crash, because the kernel removes namespaces and cables with their last process. Needs root.
 */
export async function createNetwork(dir: string) {
  const subnet = chooseSubnet()
  const hostsFile = path.join(dir, 'hosts')
  writeFileSync(hostsFile, '127.0.0.1 localhost\n')
  const base = await startNamespaces({ name: 'switch', disk: dir, hostsFile })
  const inSwitch = (...args: string[]) => run('nsenter', [`--net=/proc/${base.pid}/ns/net`, 'ip', ...args])
  await inSwitch('link', 'add', 'switch', 'type', 'bridge')
  await inSwitch('link', 'set', 'switch', 'up')
  const cableOfTests = `mw-${base.pid}`
  await ip('link', 'add', cableOfTests, 'type', 'veth', 'peer', 'name', 'tests', 'netns', String(base.pid))
  await inSwitch('link', 'set', 'dev', 'tests', 'master', 'switch', 'up')
  await ip('address', 'add', `${subnet}.${ADDRESS_OF_TESTS}/24`, 'dev', cableOfTests)
  await ip('link', 'set', cableOfTests, 'up')
  let lastAddress = ADDRESS_OF_TESTS
  const hosts: { name: string; address: string; end(): Promise<void> }[] = []

  return {
    subnet: `${subnet}.0/24`,
    /** A folder that the tests and all hosts see, for what no product process shares. */
    sharedDir: dir,
    nameOf: (address: string) => hosts.find((host) => host.address === address)?.name,
    /** Adds a computer that others reach by its name. */
    async addHost(name: string) {
      const address = `${subnet}.${++lastAddress}`
      const disk = path.join(dir, 'disks', name)
      mkdirSync(disk, { recursive: true })
      // Written in place, because every host has mounted this file.
      writeFileSync(hostsFile, `${address} ${name}\n`, { flag: 'a' })
      const { pid, end } = await startNamespaces({ name, disk, hostsFile })
      const prefix = ['nsenter', `--target=${pid}`, '--net', '--uts', '--pid', '--mount', WORKING_DIR, '--']
      const inHost = (...args: string[]) => run(prefix[0]!, [...prefix.slice(1), 'ip', ...args])
      const [ends, other] = [
        [`${pid}`, 'type', 'veth'],
        ['peer', 'name', name, 'netns', `${base.pid}`],
      ]
      await ip('link', 'add', 'name', 'eth0', 'netns', ...ends, ...other)
      await inHost('address', 'add', `${address}/24`, 'dev', 'eth0')
      for (const device of ['lo', 'eth0']) await inHost('link', 'set', device, 'up')
      await inSwitch('link', 'set', 'dev', name, 'master', 'switch', 'up')
      const host = {
        name,
        address,
        /** Its disk, as the tests see it. */
        disk,
        /** Runs a command on it. */
        prefix,
        spawn: (file: string, args: string[], options: { env: NodeJS.ProcessEnv; cgroup?: string }) =>
          spawnProgram({ prefix: joinCgroup(options.cgroup, prefix), file, args, env: options.env }),
        /** Pulls its cable; packets are lost until `connect`. */
        disconnect: async () => void (await inSwitch('link', 'set', 'dev', name, 'down')),
        connect: async () => void (await inSwitch('link', 'set', 'dev', name, 'up')),
        /** Pulls its power cord: kills all its processes at once. */
        end,
      }
      hosts.push(host)
      return host
    },
    async remove() {
      for (const host of hosts.toReversed()) await host.end()
      await base.end()
    },
  }
}

const joinCgroup = (cgroup: string | undefined, prefix: string[]) =>
  cgroup ? ['sh', '-c', `echo $$ >'${cgroup}/cgroup.procs'; exec "$@"`, 'sh', ...prefix] : prefix

/** A network of three bytes that this computer has no address in. */
function chooseSubnet() {
  const taken = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
  for (;;) {
    const subnet = `10.77.${randomInt(256)}`
    if (!taken.some((address) => address.startsWith(`${subnet}.`))) return subnet
  }
}

/** Returns the process id, outside, of the first process of new namespaces. */
async function startNamespaces({ name, disk, hostsFile }: { name: string; disk: string; hostsFile: string }) {
  const setUp = [
    `hostname ${name}`,
    `mount --bind '${hostsFile}' /etc/hosts`,
    `mount --bind '${disk}' ${DISK}`,
    'echo ready',
    // Bash as the first process reaps orphans.
    'exec >/dev/null; sleep infinity & wait',
  ]
  const namespaces = ['--net', '--uts', '--pid', '--mount', '--fork', '--kill-child=SIGKILL', '--mount-proc']
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'SIGKILL', 'unshare', ...namespaces, 'bash', '-ec', setUp.join('\n')],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  child.unref()
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [output] = (await Promise.race([once(child.stdout, 'data'), once(child, 'close')])) as [unknown]
  if (!(output instanceof Buffer)) throw new Error(`the namespaces of ${name} ended: ${errors}`)
  const pid = readChild(child.pid!)!
  return {
    pid,
    async end() {
      if (!isRunning(child)) return
      const exited = once(child, 'exit')
      // Nothing else may keep this process alive until then.
      child.ref()
      process.kill(pid, 'SIGKILL')
      await exited
    },
  }
}

/** Starts a program on a host. Signals reach the program itself. */
function spawnProgram({
  prefix,
  file,
  args,
  env,
}: {
  prefix: string[]
  file: string
  args: string[]
  env: NodeJS.ProcessEnv
}) {
  const child = spawn(prefix[0]!, [...prefix.slice(1), file, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-200_000)))
  return {
    /** The end of what it printed. */
    output: () => output,
    exitCode: () => child.exitCode,
    /** Waits until `isReady` returns true. @throws {Error} with its output if it ends before */
    async waitUntil(isReady: () => Promise<boolean>) {
      while (!(await isReady().catch(() => false))) {
        if (!isRunning(child)) throw new Error(`${args.join(' ')} ended with ${child.exitCode}:\n${output}`)
        await delay(50)
      }
    },
    async stop(signal: NodeJS.Signals) {
      if (!isRunning(child)) return
      const exited = once(child, 'exit')
      // The child waits for the program, which is in other namespaces.
      process.kill(readChild(child.pid!) ?? child.pid!, signal)
      await exited
    },
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

function readChild(pid: number) {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return child ? Number(child) : undefined
}
