import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findFreePort } from '@/scripts/postgres'
import { installOptionalPackages, S3_PROGRAMS } from '@/scripts/system-packages.mjs'

const run = promisify(execFile)

/** A running S3 service. Serializable, so that tests receive it from the global setup. */
export interface S3Service {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
}

const START_TIMEOUT_MS = 120_000
const COMMAND_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
const USER = { accessKeyId: 'test-key', secretAccessKey: 'test-secret' }
const SKIPPED = 'The tests on S3 are skipped.'

/** Where the service runs. */
interface ServiceHost {
  /** Where it listens. */
  address: string
  /** Runs a command there. */
  prefix: string[]
}

const THIS_HOST: ServiceHost = { address: '127.0.0.1', prefix: [] }

/**
 * Starts a real S3 service, by default on the loopback interface: Ceph's RADOS Gateway over one monitor and one object
 * store in memory, which end with `stop` or this process. Returns null, with a line on standard output, where its packages
 * cannot be installed.
 */
export async function startS3Service(
  host = THIS_HOST,
): Promise<(S3Service & { stop(): Promise<void> }) | null> {
  await installOptionalPackages(S3_PROGRAMS, SKIPPED)
  if (!(await hasPrograms())) return null
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-s3-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  const port = await findFreePort()
  const ceph = { host, dir, port, conf: path.join(dir, 'ceph.conf'), keyring: path.join(dir, 'keyring') }
  const children: ChildProcess[] = []
  const stop = () => stopCeph(children, dir)
  try {
    await writeConfiguration(ceph)
    await startCluster(ceph, children)
    const endpoint = `http://${host.address}:${port}`
    await waitForGateway(endpoint, dir)
    const user = ['--uid=test', '--display-name=test']
    const keys = [`--access-key=${USER.accessKeyId}`, `--secret-key=${USER.secretAccessKey}`]
    await execute(ceph, 'radosgw-admin', ['-c', ceph.conf, 'user', 'create', ...user, ...keys])
    return { endpoint, ...USER, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Ceph {
  host: ServiceHost
  dir: string
  port: number
  conf: string
  keyring: string
}

function execute({ host }: Pick<Ceph, 'host'>, program: string, args: string[]) {
  const [file, ...rest] = [...host.prefix, program, ...args]
  return run(file!, rest, { timeout: COMMAND_TIMEOUT_MS, killSignal: 'SIGKILL' })
}

const hasPrograms = () =>
  Promise.all(Object.keys(S3_PROGRAMS).map((program) => run('sh', ['-c', `command -v ${program}`]))).then(
    () => true,
    () => false,
  )

/** Authentication is needed: with "none", the gateway never connects. */
async function writeConfiguration(ceph: Ceph) {
  const { host, dir, port, conf, keyring } = ceph
  for (const folder of ['mon.a', 'osd.0', 'rgw']) mkdirSync(path.join(dir, folder))
  const [monitor, legacy] = [await findFreePort(), await findFreePort()]
  const lines = [
    '[global]',
    `fsid = ${randomUUID()}`,
    'auth cluster required = cephx',
    'auth service required = cephx',
    'auth client required = cephx',
    `keyring = ${keyring}`,
    'mon initial members = a',
    `mon host = [v2:127.0.0.1:${monitor},v1:127.0.0.1:${legacy}]`,
    'public network = 127.0.0.0/8',
    'ms bind ipv6 = false',
    'osd pool default size = 1',
    'osd pool default min size = 1',
    'osd pool default pg num = 8',
    'osd crush chooseleaf type = 0',
    'osd objectstore = memstore',
    // Occupied only as objects are stored. Writes to a full store wait for ever.
    `memstore device bytes = ${8 * 1024 ** 3}`,
    'mon allow pool size one = true',
    'mon data avail warn = 0',
    `log file = ${dir}/$name.log`,
    `admin socket = ${dir}/$name.asok`,
    'pid file =',
    `run dir = ${dir}`,
    `mon data = ${dir}/mon.$id`,
    `osd data = ${dir}/osd.$id`,
    '[client.rgw.a]',
    `rgw frontends = beast endpoint=${host.address}:${port}`,
    `rgw data = ${dir}/rgw`,
    // Removed objects leave the memory within seconds instead of hours.
    'rgw gc obj min wait = 5',
    'rgw gc processor period = 5',
    'rgw gc processor max time = 5',
  ]
  writeFileSync(conf, `${lines.join('\n')}\n`)
  const addKey = (name: string, capabilities: Record<string, string>, more: string[] = []) =>
    execute(ceph, 'ceph-authtool', [
      keyring,
      ...more,
      '--gen-key',
      '-n',
      name,
      ...Object.entries(capabilities).flatMap(([service, allowed]) => ['--cap', service, allowed]),
    ])
  await addKey('mon.', { mon: 'allow *' }, ['--create-keyring'])
  await addKey('client.admin', { mon: 'allow *', osd: 'allow *', mgr: 'allow *' })
  await addKey('client.rgw.a', { mon: 'allow rw', osd: 'allow rwx', mgr: 'allow rw' })
  await addKey('osd.0', { mon: 'allow profile osd', osd: 'allow *', mgr: 'allow profile osd' })
  const address = `[v2:127.0.0.1:${monitor},v1:127.0.0.1:${legacy}]`
  const { fsid } = /fsid = (?<fsid>.+)/.exec(readFileSync(conf, 'utf8'))!.groups!
  const map = path.join(dir, 'monmap')
  await execute(ceph, 'monmaptool', ['--create', '--addv', 'a', address, '--fsid', fsid!, map])
}

/** Starts a program in the foreground, which the kernel ends with this process. */
function startProgram({ host, dir }: Ceph, program: string, args: string[]) {
  const log = openSync(path.join(dir, `${program}.out`), 'w')
  // On another host, the program ends with it.
  const stopWithParent = host.prefix.length > 0 ? host.prefix : ['setpriv', '--pdeathsig', 'SIGKILL']
  const [file, ...rest] = [...stopWithParent, program, ...args, '-f']
  const child = spawn(file!, rest, {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  return child
}

async function startCluster(ceph: Ceph, children: ChildProcess[]) {
  const { dir, conf, keyring } = ceph
  const onCluster = ['-c', conf]
  const map = ['--monmap', path.join(dir, 'monmap'), '--keyring', keyring]
  await execute(ceph, 'ceph-mon', [...onCluster, '--mkfs', '-i', 'a', ...map])
  children.push(startProgram(ceph, 'ceph-mon', [...onCluster, '-i', 'a']))
  await execute(ceph, 'ceph', [...onCluster, 'auth', 'import', '-i', keyring])
  const osd = randomUUID()
  await execute(ceph, 'ceph', [...onCluster, 'osd', 'new', osd, '0'])
  await execute(ceph, 'ceph-osd', [...onCluster, '-i', '0', '--mkfs', '--osd-uuid', osd])
  children.push(startProgram(ceph, 'ceph-osd', [...onCluster, '-i', '0']))
  children.push(startProgram(ceph, 'radosgw', [...onCluster, '-n', 'client.rgw.a']))
}

async function waitForGateway(endpoint: string, dir: string) {
  const startedAt = performance.now()
  for (;;) {
    const response = await fetch(endpoint).catch(() => null)
    if (response?.ok) return
    if (performance.now() - startedAt > START_TIMEOUT_MS)
      throw new Error(
        `the S3 service does not answer:\n${readFileSync(path.join(dir, 'radosgw.out'), 'utf8')}`,
      )
    await delay(200)
  }
}

async function stopCeph(children: ChildProcess[], dir: string) {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const startedAt = performance.now()
    for (const child of children) child.kill(signal)
    while (children.some(isRunning) && performance.now() - startedAt < STOP_TIMEOUT_MS) await delay(50)
  }
  rmSync(dir, { recursive: true, force: true })
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null
