import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'
import { startLxdServer } from '@/tests/support/lxd-server'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'

const server = await startLxdServer()
const certificateDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
const settings = { certificateDir, project: 'default', profile: 'default', answerMs: 30_000 }
afterAll(async () => {
  await server?.stop()
  await rm(certificateDir, { recursive: true, force: true })
})

if (server) {
  const token = await server.createToken()
  await server.lxc('launch', 'tiny', 'foreign')
  describeHypervisor(
    'incus',
    async (installationId) => new IncusHypervisor({ ...settings, url: server.url, token, installationId }),
  )

  it('leaves an instance without its mark as it is', async () => {
    const { metadata } = await server.call('GET', '/1.0/instances/foreign')
    expect(metadata).toMatchObject({ status: 'Running', config: { 'volatile.last_state.power': 'RUNNING' } })
  })

  it('connects through the unix socket, too', async () => {
    const other = new IncusHypervisor({ ...settings, url: server.socketUrl, installationId: 'other' })
    expect(await other.describe()).toMatchObject({ problem: null, kinds: ['container'] })
    await other.close()
  })

  it('refuses a server with another certificate than its token names, and one that does not trust it', async () => {
    const dir = path.join(certificateDir, 'fresh')
    const open = (more: { token?: string }) =>
      new IncusHypervisor({
        ...settings,
        certificateDir: dir,
        url: server.url,
        installationId: 'other',
        ...more,
      })
    const forged = Buffer.from(JSON.stringify({ fingerprint: 'ab', secret: 'cd' })).toString('base64')
    expect(await open({ token: forged }).describe()).toMatchObject({
      problem: expect.stringContaining('another certificate'),
    })
    expect(await open({}).describe()).toMatchObject({ problem: expect.stringContaining('cannot be reached') })
  })
}
