import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type LxdServer, startLxdServer } from '@/tests/support/lxd-server'
import { neverAborted } from '@/tests/support/never-aborted'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { runScriptIn } from '@/tests/support/guest-commands'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
import { median, type Measurement, measureMs } from './measurement'

const ROUNDS = 12

/**
 * Time from the request until a command runs in a container of a real LXD: through the driver over HTTPS, beside the `lxc` client
 * that does the same by hand over a local socket. Rounds alternate. No measurements where LXD cannot run.
 */
export async function benchmarkIncus(): Promise<Measurement[]> {
  const server = await startLxdServer()
  if (!server) return []
  const certificateDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
  const driver = new IncusHypervisor({
    url: server.url,
    token: await server.createToken(),
    installationId: 'bench',
    certificateDir,
    project: 'default',
    profile: 'default',
    answerMs: 30_000,
  })
  const times = { driver: [] as number[], byHand: [] as number[] }
  try {
    await driver.describe()
    for (let round = 0; round < ROUNDS; round++) {
      times.byHand.push(await measureByHand(server))
      const spec = createMachineSpec()
      const work = async () => {
        await driver.create(spec, { signal: neverAborted })
        await runScriptIn(driver, spec.id, 'hostname')
      }
      times.driver.push(await measureMs(work))
      await driver.destroy(spec.id)
    }
  } finally {
    await driver.close()
    await server.stop()
    await rm(certificateDir, { recursive: true, force: true })
  }
  const [byDriver, byHand] = [median(times.driver), median(times.byHand)]
  return [
    { name: 'Incus driver: create → command runs, p50', value: byDriver / 1000, unit: 's' },
    { name: '`lxc` by hand: create → command runs, p50', value: byHand / 1000, unit: 's' },
    { name: 'Incus driver / `lxc` by hand', value: byDriver / byHand, unit: 'ratio', aim: '≤ 1.3' },
  ]
}

/** The limits, the host name and the command of a machine of the driver. */
async function measureByHand({ lxc }: LxdServer) {
  const name = `hand-${randomUUID()}`
  const limits = ['-c', 'limits.cpu=1', '-c', 'limits.memory=128MiB', '-d', 'root,size=256MiB']
  const elapsedMs = await measureMs(async () => {
    await lxc('init', 'tiny', name, ...limits)
    await lxc('start', name)
    await lxc('exec', name, '--', 'sh', '-c', 'echo contract >/etc/hostname; hostname contract')
    await lxc('exec', name, '--', 'hostname')
  })
  await lxc('delete', '-f', name)
  return elapsedMs
}
