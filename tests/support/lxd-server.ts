import { execFile, spawn, type StdioOptions } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { PRIVATE_RANGES } from '@/lib/http/private-ranges'
import { findFreePort } from '@/scripts/postgres'
import { installOptionalPackages, LXD_PROGRAMS } from '@/scripts/system-packages.mjs'
import { killAndWait } from './processes'

const run = promisify(execFile)
const COMMAND_TIMEOUT_MS = 90_000

export type LxdServer = NonNullable<Awaited<ReturnType<typeof startLxdServer>>>

/**
 * Starts a real LXD, whose API Incus shares, on the loopback interface and in a folder of its own, with a small image named
 * `tiny`. Returns null, with a line on standard output, where it cannot run.
 */
export async function startLxdServer() {
  await installOptionalPackages(LXD_PROGRAMS, 'The tests on LXD are skipped.')
  const hasLxd = await run('lxd', ['--version']).then(
    () => true,
    () => false,
  )
  if (!hasLxd || process.getuid?.() !== 0) {
    process.stdout.write('LXD is missing, or this user is not root: the tests on it are skipped.\n')
    return null
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-lxd-'))
  // The root of a container is another user.
  chmodSync(dir, 0o711)
  const env = { ...process.env, LXD_DIR: path.join(dir, 'lxd'), LXD_CONF: path.join(dir, 'conf') }
  for (const folder of [env.LXD_DIR, env.LXD_CONF]) mkdirSync(folder)
  const startDaemon = () => {
    const log = openSync(path.join(dir, 'lxd.out'), 'a')
    const stdio: StdioOptions = ['ignore', log, log]
    const args = ['--pdeathsig', 'SIGKILL', 'lxd', '--group', 'root']
    const started = spawn('setpriv', args, { env, detached: true, stdio })
    closeSync(log)
    return started
  }
  let daemon = startDaemon()
  const execute = (file: string, ...args: string[]) => {
    const running = run(file, args, { env, timeout: COMMAND_TIMEOUT_MS, killSignal: 'SIGKILL' })
    // `lxc` reads the configuration of a new instance from it.
    running.child.stdin?.end()
    return running
  }
  const socketPath = path.join(env.LXD_DIR, 'unix.socket')
  const removeFolder = async () => {
    for (const name of ['shmounts', 'devlxd'])
      await run('umount', ['-l', path.join(env.LXD_DIR, name)]).catch(() => undefined)
    rmSync(dir, { recursive: true, force: true })
  }
  let network: string | undefined
  const server = {
    url: '',
    socketUrl: `unix:${socketPath}`,
    lxc: (...args: string[]) => execute('lxc', ...args),
    call: (method: string, apiPath: string, body?: object) =>
      callApi(socketPath, { method, path: apiPath, body }),
    /** A token with which one client certificate becomes trusted. */
    async createToken() {
      const { metadata } = await server.call('POST', '/1.0/certificates', {
        type: 'client',
        name: 'test',
        token: true,
      })
      const { secret, fingerprint, addresses } = metadata.metadata
      const token = { client_name: 'test', fingerprint, addresses, secret }
      return Buffer.from(JSON.stringify(token)).toString('base64')
    },
    /**
     * Creates a network whose machines reach the internet, but neither private networks nor the addresses `closed`. Returns its
     * name and the address of this computer in it. Each server has at most one.
     */
    async createNetwork({ closed }: { closed: string[] }) {
      const name = `mw-${randomBytes(4).toString('hex')}`
      await server.lxc('network', 'acl', 'create', name)
      for (const range of [...PRIVATE_RANGES, ...closed])
        await server.lxc(
          'network',
          'acl',
          'rule',
          'add',
          name,
          'egress',
          'action=reject',
          `destination=${range}`,
        )
      await server.lxc('network', 'acl', 'rule', 'add', name, 'egress', 'action=allow')
      const address = `10.213.${randomBytes(1)[0]}.1`
      const addresses = [`ipv4.address=${address}/24`, 'ipv4.nat=true', 'ipv6.address=none']
      await server.lxc('network', 'create', name, ...addresses, `security.acls=${name}`)
      network = name
      return { name, address }
    },
    isDaemonAlive: () => daemon.exitCode === null && daemon.signalCode === null,
    killDaemon: () => killAndWait(daemon),
    async restartDaemon() {
      daemon = startDaemon()
      await execute('lxd', 'waitready', '--timeout=60')
    },
    async stop() {
      const { stdout } = await server.lxc('list', '-c', 'n', '--format', 'csv')
      for (const name of stdout.split('\n').filter(Boolean)) await server.lxc('delete', '-f', name)
      if (network) await server.lxc('network', 'delete', network)
      const exited = new Promise((resolve) => daemon.once('exit', resolve))
      // Not after operations that a killed client has left.
      await execute('lxd', 'shutdown', '--force')
      await exited
      await removeFolder()
    },
  }
  try {
    await execute('lxd', 'waitready', '--timeout=60')
    const address = `127.0.0.1:${await findFreePort()}`
    await server.lxc('config', 'set', 'core.https_address', address)
    await server.lxc('storage', 'create', 'default', 'dir')
    await server.lxc('profile', 'device', 'add', 'default', 'root', 'disk', 'path=/', 'pool=default')
    await server.lxc('image', 'import', await buildImage(dir), '--alias', 'tiny')
    server.url = `https://${address}`
    return server
  } catch (error) {
    daemon.kill('SIGKILL')
    await removeFolder()
    throw error
  }
}

/**
 * A root file system of busybox whose init starts a shell on the console, in the folder `image` of `dir` with its metadata, and as
 * an archive. `issue` makes it another one.
 */
export async function buildImage(dir: string, issue: string | Buffer = '') {
  const root = path.join(dir, 'image', 'rootfs')
  for (const folder of ['bin', 'sbin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'root', 'var', 'etc/udhcpc'])
    await mkdir(path.join(root, folder), { recursive: true })
  await copyFile('/bin/busybox', path.join(root, 'bin', 'busybox'))
  const { stdout } = await run('busybox', ['--list'])
  for (const applet of stdout.split('\n').filter((name) => name && name !== 'busybox' && name !== 'init'))
    await symlink('busybox', path.join(root, 'bin', applet))
  await symlink('../bin/busybox', path.join(root, 'sbin', 'init'))
  const files = {
    'rootfs/etc/inittab':
      '::sysinit:/bin/hostname -F /etc/hostname\n::sysinit:/bin/ip link set lo up\nconsole::respawn:-/bin/sh\n',
    'rootfs/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'rootfs/etc/group': 'root:x:0:\n',
    'rootfs/etc/hostname': 'tiny\n',
    'rootfs/etc/issue': issue,
    // Configures the network card when `udhcpc -i eth0` has a lease.
    'rootfs/etc/udhcpc/default.script':
      '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip address add "$ip/$mask" dev "$interface"\nip route add default via "$router"\n',
    'metadata.yaml':
      'architecture: x86_64\ncreation_date: 1700000000\nproperties: {description: Busybox, os: busybox}\n',
  }
  for (const [file, content] of Object.entries(files)) await writeFile(path.join(dir, 'image', file), content)
  await chmod(path.join(root, 'etc/udhcpc/default.script'), 0o755)
  const archive = path.join(dir, 'image.tar.gz')
  await run('tar', ['-C', path.join(dir, 'image'), '-czf', archive, 'metadata.yaml', 'rootfs'])
  return archive
}

interface ApiAnswer {
  // oxlint-disable-next-line typescript/no-explicit-any
  metadata: any
}

function callApi(
  socketPath: string,
  { method, path: apiPath, body }: { method: string; path: string; body?: object },
) {
  return new Promise<ApiAnswer>((resolve, reject) => {
    const sent = request({ socketPath, method, path: apiPath }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve(JSON.parse(text) as ApiAnswer))
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}
