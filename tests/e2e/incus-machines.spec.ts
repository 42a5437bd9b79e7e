import type { MachineDto } from '@/lib/machines/schema'
import { type LxdServer, startLxdServer } from '@/tests/support/lxd-server'
import { expect, terminalLine, test as base, typeIntoTerminal } from './fixtures'

/** The app on a real LXD, which has the API of Incus, through HTTPS and a join token. */
const test = base.extend<object, { lxd: LxdServer | null }>({
  lxd: [
    async ({ browserName: _browserName }, use) => {
      const server = await startLxdServer()
      await server?.lxc('launch', 'tiny', 'foreign')
      await use(server)
      await server?.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  env: [
    async ({ lxd }, use) => {
      const INCUS_TOKEN = (await lxd?.createToken()) ?? ''
      await use({ MACHINES: 'on', MACHINE_DRIVER: 'incus', INCUS_URL: lxd?.url ?? '', INCUS_TOKEN })
    },
    { scope: 'worker' },
  ],
})
test.describe.configure({ timeout: 180_000 })

test(
  'creates a container in a cluster, closes the page, finds its console working on return and after a crash of LXD, and terminates only it',
  { tag: '@full' },
  async ({ lxd, home, user }) => {
    test.skip(!lxd, 'LXD cannot run here')
    await home.getByRole('button', { name: 'Create tiny machine' }).click()
    await expect(home.getByRole('region', { name: 'Console' })).toBeVisible()
    const context = home.context()
    const { machines } = (await (await user.fetch('/api/v1/machines')).json()) as { machines: MachineDto[] }
    const { id } = machines[0]!
    await home.close()

    const back = await context.newPage()
    await back.goto(`/machines/${id}`)
    const console = back.getByRole('region', { name: 'Console' })
    await expect(console).toHaveAttribute('data-state', 'connected', { timeout: 60_000 })
    await typeIntoTerminal(back, 'echo $((6*7))')
    await expect(terminalLine(back, '42')).toBeVisible()
    await expect(back.getByText('System container', { exact: true })).toBeVisible()
    await expect(back.getByText('share the kernel of their host', { exact: false })).toBeVisible()

    const listInstances = async () => (await lxd!.call('GET', '/1.0/instances')).metadata as string[]
    await lxd!.killDaemon()
    await expect(console).toHaveAttribute('data-state', 'connecting')
    await lxd!.restartDaemon()
    await expect(console).toHaveAttribute('data-state', 'connected', { timeout: 60_000 })
    // LXD types a reset sequence into a console that its client has left.
    await typeIntoTerminal(back, '')
    await typeIntoTerminal(back, 'echo $((7*7))')
    await expect(terminalLine(back, '49')).toBeVisible()
    expect((await listInstances()).toSorted()).toEqual(['/1.0/instances/foreign', `/1.0/instances/m-${id}`])
    expect((await (await user.fetch(`/api/v1/machines/${id}`)).json()) as MachineDto).toMatchObject({
      state: 'running',
    })

    expect((await user.fetch(`/api/v1/machines/${id}`, { method: 'DELETE' })).status).toBe(202)
    await expect.poll(listInstances, { timeout: 30_000 }).toEqual(['/1.0/instances/foreign'])
  },
)
