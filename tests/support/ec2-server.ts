import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { findFreePort } from '@/scripts/postgres'

const run = promisify(execFile)
const MOTO_VERSION = '5.2.5'
const INSTALL_TIMEOUT_MS = 240_000
const START_TIMEOUT_MS = 60_000

const CREDENTIALS = { accessKeyId: 'test-key', secretAccessKey: 'test-secret' }

/**
 * Starts moto, which simulates the API of EC2 without machines, on the loopback interface. It is installed from PyPI into a
 * virtual environment in the cache folder of the user (XDG_CACHE_HOME). Returns null, with a line on standard output, where
 * that is impossible.
 */
export async function startEc2Server() {
  const program = await installMoto().catch((error: Error) => {
    process.stdout.write(
      `moto cannot be installed (${error.message.split('\n')[0]}): the tests on EC2 are skipped.\n`,
    )
    return null
  })
  if (!program) return null
  const port = await findFreePort()
  const args = ['--pdeathsig', 'SIGKILL', program, '-H', '127.0.0.1', '-p', `${port}`]
  const server = spawn('setpriv', args, { stdio: 'ignore' })
  const endpoint = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${endpoint}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    )
  if (!(await waitUntil(isReady, { intervalMs: 100, timeoutMs: START_TIMEOUT_MS })))
    throw new Error('moto does not start')
  const client = new EC2Client({ region: 'us-east-1', endpoint, credentials: CREDENTIALS })
  return {
    endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    client,
    image: await findImage(client),
    isolatedGroup: await createIsolatedGroup(client),
    /** A security group with the rules of a new one. */
    openGroup: await createGroup(client, 'open'),
    async stop() {
      client.destroy()
      const exited = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGKILL')
      await exited
    },
  }
}

async function installMoto() {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache')
  const dir = path.join(cache, 'meanwhile', `moto-${MOTO_VERSION}`)
  const marker = path.join(dir, 'complete')
  const bin = path.join(dir, 'bin')
  if (!existsSync(marker)) {
    await rm(dir, { recursive: true, force: true })
    await mkdir(path.dirname(dir), { recursive: true })
    const options = { timeout: INSTALL_TIMEOUT_MS, killSignal: 'SIGKILL' } as const
    await run('python3', ['-m', 'venv', dir], options)
    await run(path.join(bin, 'pip'), ['install', '--quiet', `moto[ec2,server]==${MOTO_VERSION}`], options)
    await writeFile(marker, '')
  }
  return path.join(bin, 'moto_server')
}

async function findImage(client: EC2Client) {
  const { Images = [] } = await client.send(new DescribeImagesCommand({ Owners: ['amazon'] }))
  return Images.find(({ RootDeviceName, State }) => RootDeviceName && State === 'available')!.ImageId!
}

async function createGroup(client: EC2Client, name: string) {
  const group = { GroupName: name, Description: name }
  return (await client.send(new CreateSecurityGroupCommand(group))).GroupId!
}

/** A security group without rules: a new one admits everything outbound. */
async function createIsolatedGroup(client: EC2Client) {
  const id = await createGroup(client, 'isolated')
  const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
  await client.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: everything }))
  return id
}
