import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { runScript } from '@/tests/support/run-script'

it('finds every part of this machine well', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-doctor-'))
  const { status, said } = await runScript(['scripts/doctor.mjs'], { DATA_DIR: dataDir })
  await rm(dataDir, { recursive: true })
  expect(said).not.toContain('missing')
  for (const part of [
    'Node',
    'packages',
    'ffmpeg',
    'libx264',
    'sandbox',
    'settings',
    'disk',
    'machines',
    'captions',
    'Postgres',
  ])
    expect(said).toContain(part)
  expect(status).toBe(0)
})

it('says what is wrong with the settings and the database, and fails', async () => {
  const { status, said } = await runScript(['scripts/doctor.mjs'], { PORT: 'many' })
  expect(said).toContain('PORT')
  expect(status).toBe(1)
  const other = await runScript(['scripts/doctor.mjs'], { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' })
  expect(other.said).toContain('DATABASE_URL does not answer')
  expect(other.status).toBe(1)
})
