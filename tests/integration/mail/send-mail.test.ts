// Over 200 lines because it covers every reply of a mail server with one database.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clearBounce, markMailDelivered, resendMail } from '@/lib/mail/delivery-review'
import { cancelTask } from '@/lib/tasks/commands'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMailFixture } from '@/tests/support/mail-fixture'
import { smtpError, type TestSmtpServer, startSmtpServer } from '@/tests/support/smtp-server'

const database = useDatabase()
const fixture = useMailFixture(database)
let smtp: TestSmtpServer

beforeAll(async () => {
  smtp = await startSmtpServer()
})
afterEach(async () => {
  await fixture.stopSenders()
  for (const key of Object.keys(smtp.hooks)) delete smtp.hooks[key as never]
  await database.db.mailPace.update({
    where: { id: 1 },
    data: { nextAt: new Date(), downSince: null, problem: null },
  })
})
afterAll(() => smtp.stop())

const startSender = (settings = {}) => fixture.startSender({ SMTP_URL: smtp.url, ...settings })
const readMailProblem = async () =>
  (await database.db.mailPace.findUniqueOrThrow({ where: { id: 1 } })).problem

describe('a mail', () => {
  it('is delivered once as HTML and text under the Message-ID of its row', async () => {
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sent')
    const [arrived, ...others] = smtp.findMailsTo(email)
    expect(others).toEqual([])
    expect(arrived!.messageId).toBe((await fixture.readMail(id)).messageId)
    expect(arrived!.subject).toBe('Test email from Meanwhile')
    expect(arrived!.text).toContain('Email delivery is set up correctly')
    expect(arrived!.html).toContain('Open mail settings')
    expect(await fixture.readMail(id)).toMatchObject({ attempts: 1, response: expect.stringMatching(/^250/) })
    expect(await fixture.waitForTaskEnd(id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('is in the language of its recipient', async () => {
    await startSender()
    const to = await createOwner(database.db)
    await database.db.user.update({ where: { id: to.id }, data: { locale: 'de' } })
    const { id, email } = await fixture.queueMail({ to })
    await fixture.waitForState(id, 'sent')
    const [arrived] = smtp.findMailsTo(email)
    expect(arrived!.subject).toBe('Test-E-Mail von Meanwhile')
    expect(arrived!.html).toContain('lang="de"')
  })

  it('is delivered once when its job is delivered twice', async () => {
    const { id, email } = await fixture.queueMail()
    const task = await fixture.readTask(id)
    await startSender()
    await fixture.waitForTaskEnd(id)
    await database.db.$executeRaw`
      UPDATE pgboss.job SET state = 'created', completed_on = NULL WHERE id = ${task.jobId}::uuid`
    const jobState = async () => (await fixture.boss.getJobById(task.queue, task.jobId!))?.state
    await expect.poll(jobState, { timeout: 20_000 }).toBe('completed')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('fails with the server’s response on a permanent rejection', async () => {
    smtp.hooks.beforeAccept = () => smtpError(554, '5.6.0 policy violation')
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'failed')
    const { error } = await fixture.readTask(id)
    expect(error).toMatchObject({
      code: 'mail.message_refused',
      message: expect.stringContaining('policy violation'),
    })
    expect(await database.db.mailBounce.count({ where: { address: email } })).toBe(0)
  })

  it('is suppressed for an address that was permanently rejected until it is unblocked', async () => {
    smtp.hooks.onRcptTo = (_to, _session, done) => done(smtpError(550, '5.1.1 no such user'))
    await startSender()
    const { id, email, ownerId } = await fixture.queueMail()
    const user = { id: ownerId, email }
    await fixture.waitForState(id, 'failed')
    expect(await fixture.readTask(id)).toMatchObject({ error: { code: 'mail.recipient_refused' } })
    const next = await fixture.queueMail({ to: user })
    expect(await fixture.readMail(next.id)).toMatchObject({
      state: 'suppressed',
      taskId: null,
      response: expect.stringContaining('no such user'),
    })
    await clearBounce(database.db, email)
    delete smtp.hooks.onRcptTo
    await resendMail({ db: database.db, boss: fixture.boss, id })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('is retried after a temporary rejection without spending an attempt', { tags: 'full' }, async () => {
    let rejections = 3
    smtp.hooks.onRcptTo = (_to, _session, done) =>
      rejections-- > 0 ? done(smtpError(451, '4.7.1 greylisted, come back')) : done()
    await startSender({ MAIL_RETRY_SECONDS: 0.05 })
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
    expect(await fixture.waitForTaskEnd(id)).toMatchObject({ attempts: 1, state: 'done' })
    expect(await fixture.readMail(id)).toMatchObject({ attempts: 4 })
  })

  it.each([
    ['responds 421', (done: (error?: Error) => void) => done(smtpError(421, 'too busy'))],
    ['rejects connections', (done: (error?: Error) => void) => done(smtpError(554, 'go away'))],
  ])('waits while the server %s and shows the problem to administrators', async (_name, greet) => {
    let isBusy = true
    smtp.hooks.onConnect = (_session, done) => (isBusy ? greet(done) : done())
    await startSender()
    const { id, email } = await fixture.queueMail()
    await expect.poll(readMailProblem).toMatch(/busy|go away/)
    expect(await fixture.readMail(id)).toMatchObject({ state: expect.stringMatching(/waiting|sending/) })
    isBusy = false
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
    expect(await readMailProblem()).toBeNull()
  })

  it(
    'is sent after the server was down and after connections were reset before transmission',
    { tags: 'full' },
    async () => {
      const gone = await startSmtpServer()
      await gone.stop()
      await fixture.startSender({ SMTP_URL: gone.url })
      const mails = await Promise.all(Array.from({ length: 20 }, () => fixture.queueMail()))
      await expect.poll(readMailProblem).toMatch(/cannot be reached/)
      let resets = 3
      const back = await startSmtpServer({ port: gone.port })
      back.hooks.onRcptTo = (_to, session, done) => (resets-- > 0 ? back.resetSession(session.id) : done())
      for (const { id, email } of mails) {
        await fixture.waitForState(id, 'sent')
        expect(back.findMailsTo(email)).toHaveLength(1)
      }
      await fixture.stopSenders()
      await back.stop()
    },
  )

  it('stays in progress while the server is slow', async () => {
    const pendingResponses: (() => void)[] = []
    smtp.hooks.beforeAccept = () => new Promise<void>((resolve) => void pendingResponses.push(resolve))
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sending')
    await expect.poll(() => pendingResponses.length).toBe(1)
    pendingResponses[0]!()
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('reports wrong credentials and is sent once they are right', async () => {
    let password = 'changed'
    const guarded = await startSmtpServer({
      authOptional: false,
      onAuth: (auth, _session, done) =>
        auth.password === password ? done(null, { user: 'ada' }) : done(smtpError(535, 'no such password')),
    })
    await fixture.startSender({ SMTP_URL: guarded.url.replace('//', '//ada:secret@') })
    const { id } = await fixture.queueMail()
    await expect.poll(readMailProblem).toMatch(/does not accept the user name or password/)
    expect(await fixture.readTask(id)).toMatchObject({ state: expect.not.stringMatching('failed') })
    password = 'secret'
    await fixture.waitForState(id, 'sent')
    await fixture.stopSenders()
    await guarded.stop()
  })
})

describe('a mail whose sender died', () => {
  /** Leaves a mail as a killed sender does. */
  async function queueAbandonedMail() {
    const mail = await fixture.queueMail()
    await database.db.mail.update({ where: { id: mail.id }, data: { state: 'sending', attempts: 1 } })
    return mail
  }

  it('becomes ambiguous and can be marked as delivered', async () => {
    const { id, email } = await queueAbandonedMail()
    await startSender()
    await fixture.waitForState(id, 'ambiguous')
    expect(await fixture.readTask(id)).toMatchObject({ state: 'failed', error: { code: 'mail.ambiguous' } })
    await markMailDelivered({ db: database.db, id })
    expect((await fixture.readMail(id)).state).toBe('sent')
    expect(await fixture.readTask(id)).toMatchObject({
      state: 'failed',
      discardReason: 'Marked as delivered.',
    })
    expect(smtp.findMailsTo(email)).toEqual([])
    await expect(markMailDelivered({ db: database.db, id })).rejects.toMatchObject({
      code: 'mail.not_ambiguous',
    })
  })

  it('is resent on request under the same Message-ID', async () => {
    const { id, email } = await queueAbandonedMail()
    await startSender()
    await fixture.waitForState(id, 'ambiguous')
    await resendMail({ db: database.db, boss: fixture.boss, id })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email).map(({ messageId }) => messageId)).toEqual([
      (await fixture.readMail(id)).messageId,
    ])
  })

  it('becomes ambiguous when it is canceled while sending', async () => {
    const { id, taskId, ownerId } = await fixture.readMail((await queueAbandonedMail()).id)
    await cancelTask({ db: database.db, boss: fixture.boss, taskId: taskId!, ownerId })
    expect((await fixture.readMail(id)).state).toBe('ambiguous')
  })

  it('is resent automatically with MAIL_AMBIGUOUS=resend', async () => {
    const { id, email } = await queueAbandonedMail()
    await startSender({ MAIL_AMBIGUOUS: 'resend' })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('becomes ambiguous when the connection breaks after transmission', async () => {
    smtp.hooks.beforeAccept = () => smtp.resetAll()
    await startSender()
    const { id } = await fixture.queueMail()
    await fixture.waitForState(id, 'ambiguous')
    expect((await fixture.readMail(id)).response).toMatch(/before the server responded/)
  })
})
