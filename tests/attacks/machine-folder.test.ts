import { execFileSync } from 'node:child_process'
import { readdir, readFile, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { useQemuFixture } from '@/tests/support/qemu-fixture'

// A guest has taken over its QEMU, which may then write anything into its folder.
const fixture = useQemuFixture()
const guestFile = (id: string, name: string) => path.join(fixture.machineDir(id), 'guest', name)
const stop = (id: string) => fixture.hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
const start = (id: string) => fixture.hypervisor.start(id, { signal: neverAborted })
const createSnapshot = (id: string, name: string) =>
  fixture.hypervisor.createSnapshot(id, { name, signal: neverAborted })
const readSnapshot = (name: string) => {
  const disk = path.join(fixture.dataDir, 'images/snapshots', name, 'disk.qcow2')
  execFileSync('qemu-img', ['convert', '-O', 'raw', disk, `${disk}.raw`])
  return readFile(`${disk}.raw`)
}
async function replaceWithLink(file: string, target: string) {
  await rm(file)
  await symlink(target, file)
}

it('shows QEMU neither the state of its machine nor the logs', async () => {
  const id = await fixture.createMachine()
  const seen = await Promise.all(
    (await listProcessIds(id)).map((pid) => readdir(`/proc/${pid}/root/machine`).catch(() => [])),
  )
  const names = [...new Set(seen.flat())]
  expect(names).toContain('disk.qcow2')
  expect(names.filter((name) => /\.(json|log)/.test(name))).toEqual([])
  await fixture.hypervisor.destroy(id)
})

it('reaches no other machine through a link in place of a socket', async () => {
  const [evil, victim] = [await fixture.createMachine(), await fixture.createMachine()]
  const victimPids = await listProcessIds(victim)
  for (const name of ['monitor.sock', 'control.sock', 'channel-1.sock', 'console.sock'])
    await replaceWithLink(guestFile(evil, name), guestFile(victim, name))
  const driver = await fixture.open()
  await expect(driver.readUsage(evil)).rejects.toThrow()
  await driver.stop(evil, { graceMs: 100, signal: neverAborted })
  expect(await listProcessIds(victim)).toEqual(victimPids)
  expect((await fixture.runScript(victim, 'echo alive')).output).toBe('alive\n')
  await driver.close()
  for (const id of [evil, victim]) await fixture.hypervisor.destroy(id)
})

it('copies no file of the host through a link in place of the disk', async () => {
  const [evil, victim] = [await fixture.createMachine(), await fixture.createMachine()]
  for (const id of [evil, victim]) await stop(id)
  await replaceWithLink(guestFile(evil, 'disk.qcow2'), guestFile(victim, 'disk.qcow2'))
  await expect(createSnapshot(evil, 'stolen')).rejects.toThrow()
  const before = await readFile(guestFile(victim, 'disk.qcow2'))
  const size = { ...createMachineSpec().size, diskMiB: createMachineSpec().size.diskMiB + 64 }
  await expect(fixture.hypervisor.resize(evil, size)).rejects.toThrow()
  expect((await readFile(guestFile(victim, 'disk.qcow2'))).equals(before)).toBe(true)
  for (const id of [evil, victim]) await fixture.hypervisor.destroy(id)
})

it('copies no file of the host that the header of the disk names as its backing file', async () => {
  const id = await fixture.createMachine()
  await stop(id)
  const secret = path.join(fixture.dataDir, 'secret')
  await writeFile(secret, 'top secret'.padEnd(64 * 1024, '.'))
  // The clusters that show through to the backing file are read from the secret.
  execFileSync('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-u',
    '-b',
    secret,
    '-F',
    'raw',
    guestFile(id, 'disk.qcow2'),
    '256M',
  ])
  await createSnapshot(id, 'header')
  expect((await readSnapshot('header')).includes('top secret')).toBe(false)
  await fixture.hypervisor.destroy(id)
})

it('stores no link that QEMU left in place of a snapshot', async () => {
  const id = await fixture.createMachine()
  const secret = path.join(fixture.dataDir, 'secret')
  await writeFile(secret, 'top secret')
  await symlink(secret, guestFile(id, 'snapshot.qcow2'))
  await createSnapshot(id, 'running')
  expect(await readFile(secret, 'utf8')).toBe('top secret')
  await fixture.hypervisor.destroy(id)
})

it('keeps machines of the earlier layout running and separates their files at the next start', async () => {
  const id = await fixture.createMachine()
  await fixture.runScript(id, 'echo kept >/root/file; sync')
  // QEMU keeps seeing this folder, in which an earlier version also stored state and logs.
  const folder = fixture.machineDir(id)
  await rename(folder, `${folder}.new`)
  await rename(`${folder}.new/guest`, folder)
  for (const name of await readdir(`${folder}.new`))
    await rename(`${folder}.new/${name}`, `${folder}/${name}`)
  await rmdir(`${folder}.new`)
  const secret = path.join(fixture.dataDir, 'secret')
  await writeFile(secret, 'top secret')
  await symlink(secret, path.join(folder, 'console.log.old'))
  await fixture.hypervisor.close()
  fixture.hypervisor = await fixture.open()
  expect(await fixture.hypervisor.observe(id)).toMatchObject({ state: 'running' })
  const recording = Buffer.concat(
    (await fixture.hypervisor.readConsoleRecording(id)).map(({ bytes }) => bytes),
  )
  expect(recording.includes('top secret')).toBe(false)
  await createSnapshot(id, 'legacy')
  await stop(id)
  await start(id)
  expect((await fixture.runScript(id, 'cat /root/file')).output).toBe('kept\n')
  expect((await readdir(folder)).filter((name) => /sock|qcow2|old/.test(name))).toEqual([])
  await fixture.hypervisor.destroy(id)
})
