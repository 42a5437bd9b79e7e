import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { runScript } from '@/tests/support/run-script'
import { startTranslationServer } from '@/tests/support/translation-server'
import { smtpError, startSmtpServer } from '@/tests/support/smtp-server'

it('reports every component of this host as working', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-doctor-'))
  const { status, output } = await runScript(['scripts/doctor.mjs'], { DATA_DIR: dataDir })
  await rm(dataDir, { recursive: true })
  expect(output).not.toContain('missing')
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
    expect(output).toContain(part)
  expect(status).toBe(0)
})

it('reports whether the mail server responds and accepts the password', { tags: 'full' }, async () => {
  const smtp = await startSmtpServer({
    onAuth: ({ username, password }, _session, done) =>
      username === 'ada' && password === 'right'
        ? done(null, { user: username })
        : done(smtpError(535, '5.7.8 no')),
  })
  const at = (user: string) => `smtp://${user}@127.0.0.1:${smtp.port}`
  const checkMail = async (SMTP_URL: string) => {
    const { output, status } = await runScript(['scripts/doctor.mjs'], { SMTP_URL })
    return { line: output.split('\n').find((line) => / mail /.test(line)), status }
  }
  const accepted = await checkMail(at('ada:right'))
  expect(accepted).toEqual({ line: expect.stringMatching(`^ok .*ada at 127.0.0.1:${smtp.port}`), status: 0 })
  const wrong = await checkMail(at('ada:wrong'))
  expect(wrong).toEqual({
    line: expect.stringMatching(/^missing .*does not accept the user name or password/),
    status: 1,
  })
  expect(wrong.line).not.toContain('wrong')
  expect(smtp.mails).toEqual([])
  await smtp.stop()
  const unreachable = await checkMail(smtp.url)
  expect(unreachable).toEqual({
    line: expect.stringMatching(/^missing .*cannot be reached.*SMTP_URL/),
    status: 1,
  })
})

it('reports whether the translation service responds, and its languages', { tags: 'full' }, async () => {
  const service = await startTranslationServer()
  const checkTranslation = async () => {
    const { output, status } = await runScript(['scripts/doctor.mjs'], { TRANSLATION_URL: service.url })
    return { line: output.split('\n').find((line) => line.includes('translation')), status }
  }
  const { host } = new URL(service.url)
  expect(await checkTranslation()).toEqual({
    line: expect.stringMatching(`^ok .*${host}: en, de, fr$`),
    status: 0,
  })
  service.languages = { error: 'no' }
  expect(await checkTranslation()).toEqual({
    line: expect.stringMatching(/^missing .*sent an invalid response.*TRANSLATION_URL/),
    status: 1,
  })
  await service.stop()
  expect(await checkTranslation()).toEqual({
    line: expect.stringMatching(/^missing .*cannot be reached.*TRANSLATION_URL/),
    status: 1,
  })
})

it('reports problems with the settings and the database, and fails', { tags: 'full' }, async () => {
  const { status, output } = await runScript(['scripts/doctor.mjs'], { PORT: 'many' })
  expect(output).toContain('PORT')
  expect(status).toBe(1)
  const other = await runScript(['scripts/doctor.mjs'], { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' })
  expect(other.output).toContain('cannot connect to DATABASE_URL')
  expect(other.status).toBe(1)
})
