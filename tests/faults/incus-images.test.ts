// Over 200 lines because each case needs the same servers: images of files, of other servers, and what interrupts them.
import { execFile } from 'node:child_process'
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { RemoteImage } from '@/lib/config/remote-images'
import { runScriptIn } from '@/tests/support/guest-commands'
import { startImageServer } from '@/tests/support/image-server'
import { buildImage, startLxdServer } from '@/tests/support/lxd-server'
import { createMachineSpec, TEST_SIZE } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { killAndWait } from '@/tests/support/processes'
import { spawnCode } from '@/tests/support/qemu-fixture'
import { rejectionOf } from '@/tests/support/rejection-of'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'

const run = promisify(execFile)
const server = await startLxdServer()
const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
const imagesDir = path.join(dir, 'custom')
const settings = {
  url: server?.socketUrl ?? '',
  installationId: 'images',
  hostId: 'first',
  certificateDir: dir,
  project: 'default',
  profile: 'default',
  imagesDir,
  answerMs: 30_000,
}
const openDrivers: IncusHypervisor[] = []
afterAll(async () => {
  await server?.stop()
  await rm(dir, { recursive: true, force: true })
})
afterEach(async () => {
  for (const driver of openDrivers.splice(0)) await driver.close()
  await rm(imagesDir, { recursive: true, force: true })
  for (const { fingerprint } of await listImages())
    if (fingerprint !== foreign) await server!.lxc('image', 'delete', fingerprint)
})

function openDriver(more: Partial<typeof settings> & { images?: Record<string, RemoteImage> } = {}) {
  const driver = new IncusHypervisor({ ...settings, ...more })
  openDrivers.push(driver)
  return driver
}

const prepare = (driver: IncusHypervisor, image: string, signal = neverAborted) =>
  driver.templates.prepare({ image, size: TEST_SIZE, signal })

interface Listed {
  fingerprint: string
  type: string
  aliases: { name: string }[]
  properties: Record<string, string>
}

async function listImages() {
  const { metadata } = (await server!.call('GET', '/1.0/images?recursion=1')) as { metadata: Listed[] }
  return metadata
}

/** What this app has added: names with types. */
const listAdded = async () =>
  (await listImages())
    .filter(({ fingerprint }) => fingerprint !== foreign)
    .map(({ aliases, type }) => `${aliases.map(({ name }) => name).join()} ${type}`)

const foreign = server ? (await listImages())[0]!.fingerprint : ''
const before = server ? await listImages() : []

/** Puts the archive of an image into the folder. */
async function addFile(name: string, contents: string | Buffer) {
  const source = await mkdtemp(path.join(dir, 'source-'))
  await mkdir(imagesDir, { recursive: true })
  await copyFile(await buildImage(source, contents), path.join(imagesDir, name))
  return source
}

describe.skipIf(!server)('an image from a file', () => {
  it('is imported once for the machines that need it, replaced with its file, and removed after it', async () => {
    await addFile('base.tar.gz', 'first')
    const driver = openDriver()
    expect(await driver.listImages()).toContainEqual(
      expect.objectContaining({ name: 'base', kind: 'container', problem: null }),
    )
    const specs = [1, 2].map(() => createMachineSpec({ image: 'base' }))
    const stages: string[] = []
    const onStage = (stage: string, _progress?: number, step?: string) =>
      void stages.push(`${stage} ${step ?? ''}`)
    await Promise.all(specs.map((spec) => driver.create(spec, { signal: neverAborted, onStage })))
    expect(stages).toEqual(expect.arrayContaining(['image checking the file', 'image uploading']))
    for (const { id } of specs) expect((await runScriptIn(driver, id, 'cat /etc/issue')).output).toBe('first')
    expect(await listAdded()).toEqual(['base container'])
    await addFile('base.tar.gz', 'second')
    const spec = createMachineSpec({ image: 'base' })
    await driver.create(spec, { signal: neverAborted })
    expect((await runScriptIn(driver, spec.id, 'cat /etc/issue')).output).toBe('second')
    expect(await listAdded()).toEqual(['base container'])
    expect(await driver.templates.listGarbage()).toEqual([])
    // That of another worker is not removed.
    await rm(path.join(imagesDir, 'base.tar.gz'))
    expect(await openDriver({ hostId: 'second' }).templates.listGarbage()).toEqual([])
    const garbage = await driver.templates.listGarbage()
    expect(garbage).toHaveLength(1)
    await driver.templates.removeGarbage(garbage[0]!)
    expect(await listImages()).toEqual(before)
    for (const { id } of [...specs, spec]) await driver.destroy(id)
  })

  it('may be a root file system of a container or the disk of a virtual machine, with metadata or without', async () => {
    const source = await addFile('whole.tar.gz', 'whole')
    const root = path.join(source, 'image', 'rootfs')
    for (const name of ['bare', 'split'])
      await run('mksquashfs', [root, path.join(imagesDir, `${name}.squashfs`), '-quiet', '-no-progress'])
    await writeFile(path.join(root, 'etc/issue'), 'split')
    const metadata = path.join(imagesDir, 'split.meta.tar.xz')
    await run('tar', ['-C', path.join(source, 'image'), '-cJf', metadata, 'metadata.yaml'])
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', path.join(imagesDir, 'disk.qcow2'), '10M'])
    const driver = openDriver()
    for (const name of ['bare', 'split', 'disk', 'whole']) await prepare(driver, name)
    expect((await listAdded()).sort()).toEqual([
      'bare container',
      'disk virtual-machine',
      'split container',
      'whole container',
    ])
    const spec = createMachineSpec({ image: 'bare' })
    await driver.create(spec, { signal: neverAborted })
    expect((await runScriptIn(driver, spec.id, 'cat /etc/issue')).output).toBe('whole')
    await driver.destroy(spec.id)
  })

  it('is refused with the reason if it is damaged, and leaves nothing', async () => {
    await addFile('cut.tar.gz', randomBytes(4 * 1024 ** 2))
    await truncate(path.join(imagesDir, 'cut.tar.gz'), 3 * 1024 ** 2)
    const file = (name: string) => path.join(imagesDir, name)
    await writeFile(file('text.squashfs'), 'no file system'.repeat(100))
    await writeFile(file('empty.tar.xz'), '')
    await run('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      '-b',
      '/etc/passwd',
      '-F',
      'raw',
      file('backed.qcow2'),
      '1M',
    ])
    await run('tar', ['-C', imagesDir, '-czf', file('other.tar.gz'), 'text.squashfs'])
    const driver = openDriver()
    const problems = {
      cut: 'damaged or incomplete',
      text: 'no squashfs',
      empty: 'is empty',
      backed: 'backing file',
      other: 'metadata',
    }
    for (const [image, problem] of Object.entries(problems))
      expect(
        await rejectionOf(driver.create(createMachineSpec({ image }), { signal: neverAborted })),
      ).toMatchObject({
        message: expect.stringContaining(problem),
      })
    expect(await listImages()).toEqual(before)
  })

  it('is there once after its worker was killed during the upload', async () => {
    await addFile('large.tar.gz', randomBytes(40 * 1024 ** 2))
    const worker = spawnCode(`
      import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
      const driver = new IncusHypervisor(${JSON.stringify(settings)})
      await driver.templates.prepare({
        image: 'large',
        signal: new AbortController().signal,
        onStage: (stage, progress, step) => step === 'uploading' && process.kill(process.pid, 'SIGKILL'),
      })`)
    await new Promise((resolve) => worker.once('exit', resolve))
    expect(worker.signalCode).toBe('SIGKILL')
    await prepare(openDriver(), 'large')
    expect(await listAdded()).toEqual(['large container'])
  })

  it('does not replace an image of this name that the administrator has added to the project', async () => {
    await addFile('tiny.tar.gz', 'mine')
    await prepare(openDriver(), 'tiny')
    expect(await listImages()).toEqual(before)
  })
})

describe.skipIf(!server)('an image of another server', async () => {
  const source = await startImageServer()
  afterAll(() => source.stop())
  const remote = (more: Partial<RemoteImage> = {}): RemoteImage => ({
    server: source.url,
    protocol: 'simplestreams',
    alias: 'busybox/1',
    certificate: source.certificate,
    ...more,
  })
  const images = { box: remote() }

  it('is downloaded once when two workers need it, with the progress of the cluster', async () => {
    source.downloads = 0
    const drivers = ['first', 'second'].map((hostId) => openDriver({ hostId, images }))
    expect(await drivers[0]!.listImages()).toContainEqual(
      expect.objectContaining({ name: 'box', kind: 'container', problem: null }),
    )
    const specs = drivers.map(() => createMachineSpec({ image: 'box' }))
    const steps: string[] = []
    const onStage = (stage: string, _progress?: number, step?: string) =>
      void (stage === 'image' && step && steps.push(step))
    await Promise.all(
      drivers.map((driver, index) => driver.create(specs[index]!, { signal: neverAborted, onStage })),
    )
    expect(source.downloads).toBe(1)
    expect(await listAdded()).toEqual(['box container'])
    expect(steps.join('\n')).toMatch(/rootfs|root/)
    for (const [index, driver] of drivers.entries()) {
      expect((await runScriptIn(driver, specs[index]!.id, 'cat /etc/issue')).output).toBe('from a server')
      await driver.destroy(specs[index]!.id)
    }
    // The one that marked it last removes it when its settings no longer name it.
    const garbage = await Promise.all(
      ['first', 'second'].map((hostId) => openDriver({ hostId }).templates.listGarbage()),
    )
    expect(garbage.flat()).toEqual([source.fingerprint])
    expect((await Promise.all(drivers.map((driver) => driver.templates.listGarbage()))).flat()).toEqual([])
  })

  it('is refused if the server has none of this name or kind, cannot be reached or is another one', async () => {
    const driver = openDriver({
      images: {
        unknown: remote({ alias: 'busybox/9' }),
        disk: remote({ kind: 'vm' }),
        away: remote({ server: 'https://127.0.0.1:1', certificate: undefined }),
        untrusted: remote({ certificate: undefined }),
        forged: remote({ certificate: 'ab'.repeat(32) }),
      },
    })
    const codes = {
      unknown: 'machine.image_broken',
      disk: 'machine.image_broken',
      away: 'machine.image_unreachable',
      untrusted: 'machine.image_unreachable',
      forged: 'machine.image_impostor',
    }
    for (const [image, code] of Object.entries(codes))
      expect(await rejectionOf(prepare(driver, image)), image).toMatchObject({ code })
    expect(await listImages()).toEqual(before)
  })

  it('is absent after its download was canceled, and downloaded by the next request', async () => {
    source.hold()
    source.downloads = 0
    const driver = openDriver({ images })
    const controller = new AbortController()
    const canceled = rejectionOf(prepare(driver, 'box', controller.signal))
    await expect.poll(() => source.downloads).toBe(1)
    controller.abort(new Error('canceled'))
    expect(await canceled).toMatchObject({ message: 'canceled' })
    const { metadata } = await server!.call('GET', '/1.0/operations')
    expect((metadata as Record<string, string[]>)['running'] ?? []).toEqual([])
    expect(await listImages()).toEqual(before)
    source.release()
    await prepare(driver, 'box')
    expect(await listAdded()).toEqual(['box container'])
  })

  const startWorkerAndKill = async () => {
    source.hold()
    source.downloads = 0
    const worker = spawnCode(`
      import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
      const driver = new IncusHypervisor(${JSON.stringify({ ...settings, images })})
      await driver.templates.prepare({ image: 'box', signal: new AbortController().signal })`)
    await expect.poll(() => source.downloads, { timeout: 30_000 }).toBe(1)
    await killAndWait(worker)
  }

  it('is there once after its worker was killed during the download, which the next one joins', async () => {
    await startWorkerAndKill()
    const prepared = prepare(openDriver({ images }), 'box')
    const countDownloads = async () => {
      const { metadata } = await server!.call('GET', '/1.0/operations')
      return (metadata as Record<string, string[]>)['running']?.length
    }
    await expect.poll(countDownloads, { timeout: 10_000 }).toBe(2)
    source.release()
    await prepared
    expect(source.downloads).toBe(1)
    expect(await listAdded()).toEqual(['box container'])
    expect(await openDriver().templates.listGarbage()).toEqual([source.fingerprint])
  })

  it('is there once after its download ended without a worker', async () => {
    await startWorkerAndKill()
    source.release()
    await expect.poll(listAdded).toEqual([' container'])
    await prepare(openDriver({ images }), 'box')
    expect(source.downloads).toBe(1)
    expect(await listAdded()).toEqual(['box container'])
    // It has no mark, as those of the administrator.
    expect(await openDriver().templates.listGarbage()).toEqual([])
  })

  it('stays that of the administrator if the project had it before', async () => {
    const theirs = openDriver({ installationId: 'theirs', images: { theirs: remote() } })
    await prepare(theirs, 'theirs')
    const [own] = (await listImages()).filter(({ fingerprint }) => fingerprint !== foreign)
    const body = { properties: { os: 'Busybox' } }
    await server!.call('PUT', `/1.0/images/${own!.fingerprint}`, body)
    await prepare(openDriver({ images }), 'box')
    const [image] = (await listImages()).filter(({ fingerprint }) => fingerprint !== foreign)
    expect(image!.properties).toEqual(body.properties)
    expect(image!.aliases.map(({ name }) => name).sort()).toEqual(['box', 'theirs'])
    // One image of two names, of which either is enough to request it.
    const listed = (await openDriver({ images }).listImages()).filter(({ name }) => name !== 'tiny')
    expect(listed.map(({ name, aliases }) => [name, aliases])).toEqual([['box', ['theirs']]])
    const driver = openDriver({ images })
    for (const name of ['box', 'theirs']) {
      const spec = createMachineSpec({ image: name })
      await driver.create(spec, { signal: neverAborted })
      await driver.destroy(spec.id)
    }
    expect(await openDriver().templates.listGarbage()).toEqual([])
  })

  it('may be a public one of another cluster', async () => {
    const other = (await startLxdServer())!
    try {
      const { metadata } = await other.call('GET', '/1.0/images?recursion=1')
      const [{ fingerprint, properties }] = metadata as [Listed]
      await other.call('PUT', `/1.0/images/${fingerprint}`, { public: true, properties })
      const { certificate } = (await other.call('GET', '/1.0')).metadata.environment as {
        certificate: string
      }
      const sha256 = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')
      const image = remote({ server: other.url, protocol: 'cluster', alias: 'tiny', certificate: sha256 })
      await prepare(openDriver({ images: { far: image } }), 'far')
      expect((await listAdded()).at(-1)).toBe('far container')
    } finally {
      await other.stop()
    }
  })
})
