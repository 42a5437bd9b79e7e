import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clearBounce, markMailDelivered, resendMail } from '@/lib/mail/delivery-review'
import { cancelTask } from '@/lib/tasks/commands'
import { useDatabase } from '@/tests/support/database'
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
  for (const key of Object.keys(smtp.behaviour)) delete smtp.behaviour[key as never]
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
  it('arrives once, as HTML and text, under the Message-ID of its row', async () => {
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sent')
    const [arrived, ...others] = smtp.findMailsTo(email)
    expect(others).toEqual([])
    expect(arrived!.messageId).toBe((await fixture.readMail(id)).messageId)
    expect(arrived!.subject).toBe('Test email from Meanwhile')
    expect(arrived!.text).toContain('all is well')
    expect(arrived!.html).toContain('Back to the server')
    expect(await fixture.readMail(id)).toMatchObject({ attempts: 1, response: expect.stringMatching(/^250/) })
    expect(await fixture.readTask(id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('arrives once although its job was delivered twice', async () => {
    const { id, email } = await fixture.queueMail()
    const task = await fixture.readTask(id)
    await startSender()
    await fixture.waitForState(id, 'sent')
    await database.db.$executeRaw`
      UPDATE pgboss.job SET state = 'created', completed_on = NULL WHERE id = ${task.jobId}::uuid`
    const jobState = async () => (await fixture.boss.getJobById(task.queue, task.jobId!))?.state
    await expect.poll(jobState, { timeout: 20_000 }).toBe('completed')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('ends with the words of the server when it refuses the mail for good', async () => {
    smtp.behaviour.beforeAccept = () => smtpError(554, '5.6.0 we do not like this one')
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'failed')
    const { error } = await fixture.readTask(id)
    expect(error).toMatchObject({
      code: 'mail.message_refused',
      message: expect.stringContaining('we do not like this one'),
    })
    expect(await database.db.mailBounce.count({ where: { address: email } })).toBe(0)
  })

  it('is not written again to an address that was refused for good, until that is forgotten', async () => {
    smtp.behaviour.onRcptTo = (_to, _session, done) => done(smtpError(550, '5.1.1 no such user'))
    await startSender()
    const { id, email, ownerId } = await fixture.queueMail()
    const person = { id: ownerId, email }
    await fixture.waitForState(id, 'failed')
    expect(await fixture.readTask(id)).toMatchObject({ error: { code: 'mail.recipient_refused' } })
    const next = await fixture.queueMail({ to: person })
    expect(await fixture.readMail(next.id)).toMatchObject({
      state: 'suppressed',
      taskId: null,
      response: expect.stringContaining('no such user'),
    })
    await clearBounce(database.db, email)
    delete smtp.behaviour.onRcptTo
    await resendMail({ db: database.db, boss: fixture.boss, id })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('comes back when it is refused for now, and spends no attempt on it', async () => {
    let refusals = 3
    smtp.behaviour.onRcptTo = (_to, _session, done) =>
      refusals-- > 0 ? done(smtpError(451, '4.7.1 greylisted, come back')) : done()
    await startSender({ MAIL_RETRY_SECONDS: 0.05 })
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
    expect(await fixture.readTask(id)).toMatchObject({ attempts: 1, state: 'done' })
    expect(await fixture.readMail(id)).toMatchObject({ attempts: 4 })
  })

  it.each([
    ['says 421', (done: (error?: Error) => void) => done(smtpError(421, 'too busy'))],
    ['does not let anybody in', (done: (error?: Error) => void) => done(smtpError(554, 'go away'))],
  ])('waits while the server %s, which an administrator sees', async (_name, greet) => {
    let isBusy = true
    smtp.behaviour.onConnect = (_session, done) => (isBusy ? greet(done) : done())
    await startSender()
    const { id, email } = await fixture.queueMail()
    await expect.poll(readMailProblem).toMatch(/busy|go away/)
    expect(await fixture.readMail(id)).toMatchObject({ state: expect.stringMatching(/waiting|sending/) })
    isBusy = false
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
    expect(await readMailProblem()).toBeNull()
  })

  it('survives a server that is down, and a connection that is reset before the mail was handed over', async () => {
    const gone = await startSmtpServer()
    await gone.stop()
    await fixture.startSender({ SMTP_URL: gone.url })
    const mails = await Promise.all(Array.from({ length: 20 }, () => fixture.queueMail()))
    await expect.poll(readMailProblem).toMatch(/cannot be reached/)
    let resets = 3
    const back = await startSmtpServer({ port: gone.port })
    back.behaviour.onRcptTo = (_to, session, done) => (resets-- > 0 ? back.resetSession(session.id) : done())
    for (const { id, email } of mails) {
      await fixture.waitForState(id, 'sent')
      expect(back.findMailsTo(email)).toHaveLength(1)
    }
    await fixture.stopSenders()
    await back.stop()
  })

  it('is waited for while the server is slow', async () => {
    const answers: (() => void)[] = []
    smtp.behaviour.beforeAccept = () => new Promise<void>((resolve) => void answers.push(resolve))
    await startSender()
    const { id, email } = await fixture.queueMail()
    await fixture.waitForState(id, 'sending')
    await expect.poll(() => answers.length).toBe(1)
    answers[0]!()
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('tells clearly that user name or password are wrong, and leaves once they are right', async () => {
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
  /** As a sender leaves it that was killed after it had begun. */
  async function abandoned() {
    const mail = await fixture.queueMail()
    await database.db.mail.update({ where: { id: mail.id }, data: { state: 'sending', attempts: 1 } })
    return mail
  }

  it('is asked about, and counts as sent when somebody says that it arrived', async () => {
    const { id, email } = await abandoned()
    await startSender()
    await fixture.waitForState(id, 'ambiguous')
    expect(await fixture.readTask(id)).toMatchObject({ state: 'failed', error: { code: 'mail.ambiguous' } })
    await markMailDelivered({ db: database.db, id })
    expect((await fixture.readMail(id)).state).toBe('sent')
    expect(await fixture.readTask(id)).toMatchObject({ state: 'failed', discardReason: 'The mail arrived.' })
    expect(smtp.findMailsTo(email)).toEqual([])
    await expect(markMailDelivered({ db: database.db, id })).rejects.toMatchObject({
      code: 'mail.not_ambiguous',
    })
  })

  it('is sent again, under the same Message-ID, when somebody wants that', async () => {
    const { id, email } = await abandoned()
    await startSender()
    await fixture.waitForState(id, 'ambiguous')
    await resendMail({ db: database.db, boss: fixture.boss, id })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email).map(({ messageId }) => messageId)).toEqual([
      (await fixture.readMail(id)).messageId,
    ])
  })

  it('may have arrived, too, when it was canceled on its way', async () => {
    const { id, taskId, ownerId } = await fixture.readMail((await abandoned()).id)
    await cancelTask({ db: database.db, boss: fixture.boss, taskId: taskId!, ownerId })
    expect((await fixture.readMail(id)).state).toBe('ambiguous')
  })

  it('is sent again by itself where that is the policy', async () => {
    const { id, email } = await abandoned()
    await startSender({ MAIL_AMBIGUOUS: 'resend' })
    await fixture.waitForState(id, 'sent')
    expect(smtp.findMailsTo(email)).toHaveLength(1)
  })

  it('is as unknown when the connection broke after all of it was handed over', async () => {
    smtp.behaviour.beforeAccept = () => smtp.resetAll()
    await startSender()
    const { id } = await fixture.queueMail()
    await fixture.waitForState(id, 'ambiguous')
    expect((await fixture.readMail(id)).response).toMatch(/before the server answered/)
  })
})
