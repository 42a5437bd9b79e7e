// Over 200 lines because all tests share one embedded Postgres and one data directory.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDb } from '@/lib/database/db'
import { lockDataDir } from '@/scripts/data-dir-lock.mjs'
import { migrate } from '@/scripts/migrate'
import { type RunningPostgres, startPostgres } from '@/scripts/postgres'
import { createOwner } from '@/tests/support/database'

const execFileAsync = promisify(execFile)

let root: string
let dataDir: string
let postgres: RunningPostgres
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-backup-'))
  dataDir = path.join(root, 'data')
  await mkdir(dataDir)
  postgres = await startPostgres({ dataDir })
  await migrate(postgres.url)
})
afterAll(async () => {
  await postgres.stop()
  await rm(root, { recursive: true, force: true })
})

const runScript = (name: 'backup' | 'restore', dir: string, env: Record<string, string> = {}) =>
  execFileAsync(process.execPath, ['--import', 'tsx', `scripts/backup/${name}.ts`, dir], {
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: postgres.url, ...env },
  })

async function storeFile(key: string, content: string) {
  const file = path.join(dataDir, key)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content)
}

/** A user with a video, a task that waits for it, and cues, which triggers fill further. */
async function seed() {
  const db = openDb({ url: postgres.url })
  const owner = await createOwner(db)
  const id = randomUUID()
  const video = {
    id,
    ownerId: owner.id,
    title: 'harbour — “é”\t\\N',
    filename: 'a.mp4',
    sizeBytes: 5,
    sha256: 'x',
  }
  await db.video.create({ data: { ...video, sourceKey: `videos/${id}/source` } })
  const task = {
    ownerId: owner.id,
    kind: 'video.inspect',
    queue: 'video.inspect',
    payload: { videoId: id },
    maxAttempts: 3,
  }
  const parent = await db.task.create({ data: { ...task, videoId: id } })
  await db.task.create({ data: { ...task, videoId: id, parentId: parent.id } })
  await db.taskLogLine.create({ data: { taskId: parent.id, attempt: 1, level: 'info', message: 'read' } })
  const caption = await db.caption.create({
    data: { ownerId: owner.id, videoId: id, language: 'en', source: 'speech' },
  })
  await db.captionCue.create({
    data: { captionId: caption.id, startSeconds: 0, endSeconds: 1, text: 'the harbour' },
  })
  await db.$disconnect()
  await storeFile(`storage/videos/${id}/source`, 'media')
  await storeFile('secrets/auth', 'secret')
  return { videoId: id, taskId: parent.id }
}

/** Every row of every table, as text. */
async function dumpRows(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'
       AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations' ORDER BY 1`,
    )
    const dump: Record<string, string[]> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT (to_jsonb(t) - 'changedIn')::text AS row FROM "${name}" t ORDER BY 1`,
      )
      dump[name] = rows.map(({ row }) => row)
    }
    return dump
  } finally {
    await client.end()
  }
}

/** The content of every stored file and secret, by path. */
async function readFiles() {
  const files: Record<string, string> = {}
  for (const folder of ['storage', 'secrets'])
    for (const entry of await readdir(path.join(dataDir, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])) {
      const file = path.join(entry.parentPath, entry.name)
      if (entry.isFile()) files[path.relative(dataDir, file)] = await readFile(file, 'utf8')
    }
  return files
}

it('restores database and files after both have changed', async () => {
  const { videoId, taskId } = await seed()
  const before = await dumpRows(postgres.url)
  const dir = path.join(root, 'backup')
  await runScript('backup', dir)

  const db = openDb({ url: postgres.url })
  await db.video.deleteMany()
  await createOwner(db)
  await db.$disconnect()
  await rm(path.join(dataDir, 'storage'), { recursive: true })
  await storeFile('storage/videos/later/source', 'later')
  await storeFile('secrets/auth', 'another secret')

  await runScript('restore', dir)
  expect(await dumpRows(postgres.url)).toEqual(before)
  expect(await readFile(path.join(dataDir, `storage/videos/${videoId}/source`), 'utf8')).toBe('media')
  expect(await readdir(path.join(dataDir, 'storage/videos'))).toEqual([videoId])
  expect(await readFile(path.join(dataDir, 'secrets/auth'), 'utf8')).toBe('secret')

  const restored = openDb({ url: postgres.url })
  // Sequences continue, and triggers are enabled again.
  await restored.taskLogLine.create({ data: { taskId, attempt: 2, level: 'info', message: 'read again' } })
  const { version } = await restored.task.update({ where: { id: taskId }, data: { stage: 'read' } })
  expect(version).toBe(2)
  await restored.$disconnect()
})

it(
  'leaves media in a bucket out of a backup, and stored files in place when it is restored',
  { tags: 'full' },
  async () => {
    await seed()
    const before = await dumpRows(postgres.url)
    const dir = path.join(root, 'without-media')
    const env = { STORAGE: 's3', S3_BUCKET: 'media' }
    const { stdout } = await runScript('backup', dir, env)
    expect(stdout).toContain('Media are not included: back up the bucket media')
    expect((await readdir(dir)).sort()).toEqual(['database', 'manifest.json', 'secrets'])

    const db = openDb({ url: postgres.url })
    await db.video.deleteMany()
    await db.$disconnect()
    const files = await readFiles()
    expect((await runScript('restore', dir)).stdout).toContain(
      'Its media are in the storage s3, but STORAGE=local is set: npm run storage -- copy --from s3 --to local',
    )
    expect(await dumpRows(postgres.url)).toEqual(before)
    expect(await readFiles()).toEqual(files)
    expect((await runScript('restore', dir, env)).stdout).toContain('they are what the bucket holds now')
  },
)

it('refuses a damaged or incomplete backup and changes nothing', { tags: 'full' }, async () => {
  await seed()
  const dir = path.join(root, 'damaged')
  await runScript('backup', dir)
  const before = await dumpRows(postgres.url)
  const file = path.join(dir, 'database/video.copy')
  const content = await readFile(file, 'utf8')
  await writeFile(file, content.replace('harbour', 'harbor'))
  await expect(runScript('restore', dir)).rejects.toMatchObject({
    code: 1,
    stderr: 'Restore failed: The backup is damaged: database/video.copy has changed.\n',
  })
  await writeFile(file, content)
  await rm(path.join(dir, 'secrets/auth'))
  await expect(runScript('restore', dir)).rejects.toMatchObject({
    stderr: 'Restore failed: The backup is incomplete: secrets/auth is missing.\n',
  })
  expect(await dumpRows(postgres.url)).toEqual(before)
})

it('keeps the database when the rows cannot be loaded', { tags: 'full' }, async () => {
  await seed()
  const dir = path.join(root, 'unloadable')
  await runScript('backup', dir)
  const before = await dumpRows(postgres.url)
  const { createHash } = await import('node:crypto')
  const manifest = JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8')) as {
    tables: { name: string; path: string; sha256: string }[]
  }
  const table = manifest.tables.find(({ name }) => name === 'task')!
  await writeFile(path.join(dir, table.path), 'no row\n')
  table.sha256 = createHash('sha256').update('no row\n').digest('hex')
  await writeFile(path.join(dir, 'manifest.json'), JSON.stringify(manifest))
  await storeFile('secrets/auth', 'current secret')
  await expect(runScript('restore', dir)).rejects.toMatchObject({ code: 1 })
  expect(await dumpRows(postgres.url)).toEqual(before)
  expect(await readFile(path.join(dataDir, 'secrets/auth'), 'utf8')).toBe('current secret')
})

/** Environment of a script in which a restore fails to rename a file to `target`. */
function failRenameTo(target: string) {
  const module = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const { rename } = fs.promises
    fs.promises.rename = async (from, to) => {
      if (from.includes('/.restore/old/') || !to.endsWith('${target}')) return rename(from, to)
      throw new Error('planted failure')
    }
    syncBuiltinESMExports()`
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(module)}"` }
}

it.each(['/secrets/.restore/old/auth', '/data/secrets/auth'])(
  'changes neither the database nor files if moving a file to %s fails',
  { tags: 'full' },
  async (target) => {
    await seed()
    const dir = path.join(root, randomUUID())
    await runScript('backup', dir)
    await storeFile('storage/videos/later/source', 'later')
    await storeFile('secrets/auth', 'current secret')
    const before = [await dumpRows(postgres.url), await readFiles()]
    await expect(runScript('restore', dir, failRenameTo(target))).rejects.toMatchObject({
      stderr: 'Restore failed: planted failure\n',
    })
    expect([await dumpRows(postgres.url), await readFiles()]).toEqual(before)
  },
)

it('restores into a folder that is mounted from elsewhere', { tags: 'full' }, async () => {
  await seed()
  const dir = path.join(root, randomUUID())
  await runScript('backup', dir)
  const mounted = path.join(root, randomUUID())
  await mkdir(mounted)
  await writeFile(path.join(mounted, 'later'), 'later')
  const script = 'mount --bind "$1" "$2" && exec "$3" --import tsx scripts/backup/restore.ts "$4"'
  const args = ['sh', mounted, path.join(dataDir, 'storage'), process.execPath, dir]
  await execFileAsync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script, ...args], {
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: postgres.url },
  })
  expect(await readdir(mounted)).toEqual(['videos'])
})

it('refuses to restore a data directory of another user', { tags: 'full' }, async () => {
  const dir = path.join(root, randomUUID())
  await runScript('backup', dir)
  const foreign = path.join(root, randomUUID())
  await mkdir(foreign)
  const isRoot = process.getuid!() === 0
  if (isRoot) await chown(foreign, 12_345, 12_345)
  await expect(runScript('restore', dir, { DATA_DIR: isRoot ? foreign : '/' })).rejects.toMatchObject({
    stderr: expect.stringContaining('belongs to user') as string,
  })
})

it('leaves no folder that did not exist before if moving another one fails', { tags: 'full' }, async () => {
  await seed()
  const dir = path.join(root, randomUUID())
  await runScript('backup', dir)
  await rm(path.join(dataDir, 'storage'), { recursive: true })
  const before = await readFiles()
  await expect(runScript('restore', dir, failRenameTo('/data/secrets/auth'))).rejects.toMatchObject({
    code: 1,
  })
  expect(await readFiles()).toEqual(before)
})

it(
  'refuses a folder that is not empty, one that holds no backup, and a backup of a newer version',
  { tags: 'full' },
  async () => {
    const full = path.join(root, 'full')
    await mkdir(full)
    await writeFile(path.join(full, 'note'), '')
    await expect(runScript('backup', full)).rejects.toMatchObject({
      stderr: expect.stringContaining('is not empty'),
    })
    await expect(runScript('restore', full)).rejects.toMatchObject({
      stderr: expect.stringContaining('holds no backup'),
    })
    const dir = path.join(root, 'newer')
    await runScript('backup', dir)
    const file = path.join(dir, 'manifest.json')
    const manifest = JSON.parse(await readFile(file, 'utf8')) as { migrations: string[] }
    await writeFile(file, JSON.stringify({ ...manifest, migrations: [...manifest.migrations, '2099_later'] }))
    await expect(runScript('restore', dir)).rejects.toMatchObject({
      stderr: expect.stringContaining('newer version'),
    })
  },
)

it('refuses to restore while Meanwhile runs on the same folder', { tags: 'full' }, async () => {
  const dir = path.join(root, 'running')
  await runScript('backup', dir)
  await lockDataDir(dataDir)
  await expect(runScript('restore', dir)).rejects.toMatchObject({
    stderr: expect.stringContaining('Stop it first'),
  })
})
