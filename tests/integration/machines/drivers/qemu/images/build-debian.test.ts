import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ExtFilesystem } from '@/worker/machines/drivers/qemu/images/debian/ext-filesystem'
import { buildDebian } from '@/worker/machines/drivers/qemu/images/debian/build-debian'
import {
  FIRST_PARTITION_BYTES,
  writePartitionTable,
} from '@/worker/machines/drivers/qemu/images/debian/partitions'
import { convertFromRaw, convertToRaw } from '@/worker/machines/drivers/qemu/images/qemu-img'
import { runProgram } from '@/worker/process/run-program'
import { useFileServer } from '@/tests/support/file-server'
import { neverAborted } from '@/tests/support/never-aborted'
import { evalArgs } from '@/tests/support/eval-args'

const server = useFileServer()
const signal = neverAborted
const DISK_MIB = 24
const KERNEL = randomBytes(4_000)
let root: string
let image: Buffer

/** A partitioned disk with the files that buildDebian needs in a Debian image. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-debian-'))
  const tree = path.join(root, 'tree')
  for (const dir of ['boot', 'etc/cloud', 'etc/systemd/system/multi-user.target.wants', 'usr/lib/tmpfiles.d'])
    await mkdir(path.join(tree, dir), { recursive: true })
  await writeFile(path.join(tree, 'boot/vmlinuz-6.1.0-9-cloud-amd64'), randomBytes(100))
  await writeFile(path.join(tree, 'boot/vmlinuz-6.2.0-1-cloud-amd64'), KERNEL)
  await writeFile(path.join(tree, 'boot/initrd.img-6.2.0-1-cloud-amd64'), randomBytes(5_000_000))
  await writeFile(path.join(tree, 'etc/cloud/cloud.cfg'), 'users: []\n')
  const raw = path.join(root, 'raw')
  await writeFile(raw, '')
  await truncate(raw, DISK_MIB * 1024 ** 2)
  const options = ['-q', '-t', 'ext4', '-E', `offset=${FIRST_PARTITION_BYTES}`, '-d', tree]
  await runProgram({ file: 'mke2fs', args: [...options, raw, `${DISK_MIB - 2}M`], timeoutMs: 20_000 })
  await writePartitionTable(raw, DISK_MIB * 1024 ** 2)
  await convertFromRaw({ from: raw, to: path.join(root, 'image') })
  image = await readFile(path.join(root, 'image'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function runBuild(
  bytes = image,
  more: { signal?: AbortSignal; requiredMiB?: number; onStep?: () => void } = {},
) {
  server.files.set('debian.qcow2', bytes)
  const dir = path.join(root, randomUUID())
  const settings = { source: 'download' as const, imageUrl: server.url('debian.qcow2') }
  const result = await buildDebian({
    requiredMiB: 64,
    signal,
    onStep: () => undefined,
    dir,
    folder: 'build',
    settings,
    ...more,
  }).catch((error: Error & { code?: string }) => error)
  return { dir, result, left: await readdir(dir) }
}

it('builds a machine image from a downloaded disk, with kernel, initrd and agent', async () => {
  const { dir, result, left } = await runBuild()
  expect(result).toMatchObject({
    madeFrom: 'download',
    arguments: expect.stringContaining('root=/dev/vda1 '),
  })
  expect(left).toEqual(['build'])
  expect(KERNEL.equals(await readFile(path.join(dir, 'build/vmlinuz')))).toBe(true)
  const [disk, copy] = [path.join(dir, 'raw'), path.join(dir, 'copy')]
  await convertToRaw({ from: path.join(dir, 'build/root.qcow2'), to: disk })
  const files = new ExtFilesystem({ workDir: dir, disk, offsetBytes: FIRST_PARTITION_BYTES, signal })
  await files.read([{ from: '/usr/lib/meanwhile/agent', to: copy }])
  expect(await readFile(copy, 'utf8')).toBe(
    await readFile('worker/machines/drivers/qemu/guest/agent.sh', 'utf8'),
  )
  expect(await files.list('/etc/cloud')).toContain('cloud-init.disabled')
  expect(await files.list('/etc/systemd/system/multi-user.target.wants')).toContain('meanwhile-agent.service')
  await runProgram({
    file: 'e2fsck',
    args: ['-fn', `${disk}?offset=${FIRST_PARTITION_BYTES}`],
    timeoutMs: 20_000,
  })
})

it('builds once for two workers that share a folder', async () => {
  server.files.set('debian.qcow2', image)
  server.requests.length = 0
  const shared = path.join(root, randomUUID())
  const settings = { source: 'download' as const, imageUrl: server.url('debian.qcow2') }
  const code = `
    import { openDebianImage } from '@/worker/machines/drivers/qemu/images/debian/debian-image'
    const { build } = await openDebianImage(${JSON.stringify(shared)}, ${JSON.stringify(settings)})
    const { version } = await build({ signal: new AbortController().signal })
    process.stdout.write(version)`
  const work = () => runProgram({ file: process.execPath, args: evalArgs(code), timeoutMs: 60_000 })
  const [one, other] = await Promise.all([work(), work()])
  expect(one).toBe(other)
  expect(server.requests.filter(({ name }) => name === 'debian.qcow2')).toHaveLength(1)
  expect(await readdir(shared)).toEqual(['debian'])
  expect(await readdir(path.join(shared, 'debian'))).toHaveLength(2)
})

it.each([
  ['a file that is no disk', async () => Buffer.from('no disk')],
  ['a truncated disk', async () => image.subarray(0, image.length - 200_000)],
  ['a disk without Linux', async () => createQemuImage('8M')],
  ['a disk that claims an impossible size', async () => createQemuImage('1P')],
])('refuses %s even when its checksum matches', async (_, bytes) => {
  const { result, left } = await runBuild(await bytes())
  expect(result).toMatchObject({ code: 'machine.image_broken' })
  expect(left).toEqual([])
})

it('keeps only the download when canceled, and removes abandoned builds of killed workers', async () => {
  const stop = new AbortController()
  const reason = new Error('canceled')
  server.sendBody = (response, bytes) =>
    void response.write(bytes.subarray(0, 1_000_000), () => stop.abort(reason))
  const { dir, result, left } = await runBuild(image, { signal: stop.signal })
  server.sendBody = undefined
  expect(result).toBe(reason)
  expect(left).toEqual(['download'])
  await mkdir(path.join(dir, 'making-before'))
  await writeFile(
    path.join(dir, 'making-before/owner.json'),
    JSON.stringify({ pid: 1, startTicks: 'another' }),
  )
  const settings = { source: 'download' as const, imageUrl: server.url('debian.qcow2') }
  await buildDebian({ dir, folder: 'again', settings, signal, requiredMiB: 64, onStep: () => undefined })
  expect(await readdir(dir)).toEqual(['again'])
})

it('reports insufficient disk space before the build and a full disk during it', async () => {
  const before = await runBuild(image, { requiredMiB: 1024 ** 3 })
  expect(before.result).toMatchObject({
    code: 'machine.no_room',
    message: expect.stringContaining('MiB are free'),
  })
  const { result, left } = await buildOnFullDisk()
  expect(result).toMatchObject({ code: 'machine.no_room' })
  expect(left).toEqual([])
})

/** Builds in a file system that is smaller than the download. */
async function buildOnFullDisk() {
  server.files.set('debian.qcow2', randomBytes(12 * 1024 ** 2))
  const code = `
    import { readdir } from 'node:fs/promises'
    import { buildDebian } from '@/worker/machines/drivers/qemu/images/debian/build-debian'
    const settings = { source: 'download', imageUrl: '${server.url('debian.qcow2')}' }
    const { signal } = new AbortController()
    const result = await buildDebian({ dir: process.env.DIR, folder: 'build', settings, signal, requiredMiB: 1, onStep() {} }).catch(({ code }) => ({ code }))
    process.stdout.write(JSON.stringify({ result, left: await readdir(process.env.DIR) }))`
  const mounted = 'mount -t tmpfs -o size=8m none "$DIR" && exec "$@"'
  const node = [process.execPath, ...evalArgs(code)]
  const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', mounted, 'sh', ...node]
  const dir = await mkdtemp(path.join(root, 'full-'))
  return JSON.parse(await runProgram({ file: 'unshare', args, env: { DIR: dir }, timeoutMs: 60_000 })) as {
    result: unknown
    left: string[]
  }
}

async function createQemuImage(size: string) {
  const file = path.join(root, randomUUID())
  await runProgram({
    file: 'qemu-img',
    args: ['create', '-q', '-f', 'qcow2', '-o', 'cluster_size=2M', file, size],
    timeoutMs: 20_000,
  })
  return readFile(file)
}
