import type { MachineDto } from '@/lib/machines/schema'
import { type LxdServer, startLxdServer } from '@/tests/support/lxd-server'
import { expect, test as base } from './fixtures'

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
  'creates a container in a cluster, closes the page, finds its console working on return, and terminates only it',
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
    await back.getByRole('textbox', { name: 'Terminal input' }).focus()
    await back.keyboard.type('echo $((6*7))')
    await back.keyboard.press('Enter')
    const rows = back.getByTestId('terminal').locator('.xterm-rows').locator('div')
    await expect(rows.filter({ hasText: /^42\s*$/ })).toBeVisible()
    await expect(back.getByText('System container', { exact: true })).toBeVisible()
    await expect(back.getByText('share the kernel of their host', { exact: false })).toBeVisible()

    expect((await user.fetch(`/api/v1/machines/${id}`, { method: 'DELETE' })).status).toBe(202)
    const listInstances = async () => (await lxd!.call('GET', '/1.0/instances')).metadata as string[]
    await expect.poll(listInstances, { timeout: 30_000 }).toEqual(['/1.0/instances/foreign'])
  },
)
