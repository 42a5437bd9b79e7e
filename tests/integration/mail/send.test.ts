import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { forgetBounce, sayItArrived, sendAgain } from '@/lib/mail/resolve'
import { cancelTask } from '@/lib/tasks/control'
import { useDatabase } from '@/tests/support/database'
import { useMailRoom } from '@/tests/support/mail-room'
import { says, type Smtp, startSmtp } from '@/tests/support/smtp'

const database = useDatabase()
const room = useMailRoom(database)
let smtp: Smtp

beforeAll(async () => {
  smtp = await startSmtp()
})
afterEach(async () => {
  await room.stopSenders()
  for (const key of Object.keys(smtp.behaviour)) delete smtp.behaviour[key as never]
  await database.db.mailPace.update({
    where: { id: 1 },
    data: { nextAt: new Date(), downSince: null, problem: null },
  })
})
afterAll(() => smtp.stop())

const startSender = (settings = {}) => room.startSender({ SMTP_URL: smtp.url, ...settings })
const problem = async () => (await database.db.mailPace.findUniqueOrThrow({ where: { id: 1 } })).problem

describe('a mail', () => {
  it('arrives once, as HTML and text, under the Message-ID of its row', async () => {
    await startSender()
    const { id, email } = await room.queue()
    await room.becomes(id, 'sent')
    const [arrived, ...others] = smtp.to(email)
    expect(others).toEqual([])
    expect(arrived!.messageId).toBe((await room.mail(id)).messageId)
    expect(arrived!.subject).toBe('Mail from Meanwhile works')
    expect(arrived!.text).toContain('all is well')
    expect(arrived!.html).toContain('Back to the server')
    expect(await room.mail(id)).toMatchObject({ attempts: 1, response: expect.stringMatching(/^250/) })
    expect(await room.task(id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('arrives once although its job was delivered twice', async () => {
    const { id, email } = await room.queue()
    const task = await room.task(id)
    await startSender()
    await room.becomes(id, 'sent')
    await database.db.$executeRaw`
      UPDATE pgboss.job SET state = 'created', completed_on = NULL WHERE id = ${task.jobId}::uuid`
    const jobState = async () => (await room.boss.getJobById(task.queue, task.jobId!))?.state
    await expect.poll(jobState, { timeout: 20_000 }).toBe('completed')
    expect(smtp.to(email)).toHaveLength(1)
  })

  it('ends with the words of the server when it refuses the mail for good', async () => {
    smtp.behaviour.beforeAnswer = () => says(554, '5.6.0 we do not like this one')
    await startSender()
    const { id, email } = await room.queue()
    await room.becomes(id, 'failed')
    const { error } = await room.task(id)
    expect(error).toMatchObject({
      code: 'mail.message_refused',
      message: expect.stringContaining('we do not like this one'),
    })
    expect(await database.db.mailBounce.count({ where: { address: email } })).toBe(0)
  })

  it('is not written again to an address that was refused for good, until that is forgotten', async () => {
    smtp.behaviour.onRcptTo = (_to, _session, done) => done(says(550, '5.1.1 no such user'))
    await startSender()
    const { id, email, ownerId } = await room.queue()
    const person = { id: ownerId, email }
    await room.becomes(id, 'failed')
    expect(await room.task(id)).toMatchObject({ error: { code: 'mail.recipient_refused' } })
    const next = await room.queue({ to: person })
    expect(await room.mail(next.id)).toMatchObject({
      state: 'suppressed',
      taskId: null,
      response: expect.stringContaining('no such user'),
    })
    await forgetBounce(database.db, email)
    delete smtp.behaviour.onRcptTo
    await sendAgain({ db: database.db, boss: room.boss, id })
    await room.becomes(id, 'sent')
    expect(smtp.to(email)).toHaveLength(1)
  })

  it('comes back when it is refused for now, and spends no attempt on it', async () => {
    let refusals = 3
    smtp.behaviour.onRcptTo = (_to, _session, done) =>
      refusals-- > 0 ? done(says(451, '4.7.1 greylisted, come back')) : done()
    await startSender({ MAIL_RETRY_SECONDS: 0.05 })
    const { id, email } = await room.queue()
    await room.becomes(id, 'sent')
    expect(smtp.to(email)).toHaveLength(1)
    expect(await room.task(id)).toMatchObject({ attempts: 1, state: 'done' })
    expect(await room.mail(id)).toMatchObject({ attempts: 4 })
  })

  it.each([
    ['says 421', (done: (error?: Error) => void) => done(says(421, 'too busy'))],
    ['does not let anybody in', (done: (error?: Error) => void) => done(says(554, 'go away'))],
  ])('waits while the server %s, which an administrator sees', async (_name, greet) => {
    let isBusy = true
    smtp.behaviour.onConnect = (_session, done) => (isBusy ? greet(done) : done())
    await startSender()
    const { id, email } = await room.queue()
    await expect.poll(problem).toMatch(/busy|go away/)
    expect(await room.mail(id)).toMatchObject({ state: expect.stringMatching(/waiting|sending/) })
    isBusy = false
    await room.becomes(id, 'sent')
    expect(smtp.to(email)).toHaveLength(1)
    expect(await problem()).toBeNull()
  })

  it('survives a server that is down, and a connection that is reset before the mail was handed over', async () => {
    const gone = await startSmtp()
    await gone.stop()
    await room.startSender({ SMTP_URL: gone.url })
    const mails = await Promise.all(Array.from({ length: 20 }, () => room.queue()))
    await expect.poll(problem).toMatch(/cannot be reached/)
    let resets = 3
    const back = await startSmtp({ port: gone.port })
    back.behaviour.onRcptTo = (_to, session, done) => (resets-- > 0 ? back.reset(session.id) : done())
    for (const { id, email } of mails) {
      await room.becomes(id, 'sent')
      expect(back.to(email)).toHaveLength(1)
    }
    await room.stopSenders()
    await back.stop()
  })

  it('is waited for while the server is slow', async () => {
    const answers: (() => void)[] = []
    smtp.behaviour.beforeAnswer = () => new Promise<void>((resolve) => void answers.push(resolve))
    await startSender()
    const { id, email } = await room.queue()
    await room.becomes(id, 'sending')
    await expect.poll(() => answers.length).toBe(1)
    answers[0]!()
    await room.becomes(id, 'sent')
    expect(smtp.to(email)).toHaveLength(1)
  })

  it('tells clearly that user name or password are wrong, and leaves once they are right', async () => {
    let password = 'changed'
    const guarded = await startSmtp({
      authOptional: false,
      onAuth: (auth, _session, done) =>
        auth.password === password ? done(null, { user: 'ada' }) : done(says(535, 'no such password')),
    })
    await room.startSender({ SMTP_URL: guarded.url.replace('//', '//ada:secret@') })
    const { id } = await room.queue()
    await expect.poll(problem).toMatch(/does not accept the user name or password/)
    expect(await room.task(id)).toMatchObject({ state: expect.not.stringMatching('failed') })
    password = 'secret'
    await room.becomes(id, 'sent')
    await room.stopSenders()
    await guarded.stop()
  })
})

describe('a mail whose sender died', () => {
  /** As a sender leaves it that was killed after it had begun. */
  async function abandoned() {
    const mail = await room.queue()
    await database.db.mail.update({ where: { id: mail.id }, data: { state: 'sending', attempts: 1 } })
    return mail
  }

  it('is asked about, and counts as sent when somebody says that it arrived', async () => {
    const { id, email } = await abandoned()
    await startSender()
    await room.becomes(id, 'ambiguous')
    expect(await room.task(id)).toMatchObject({ state: 'failed', error: { code: 'mail.ambiguous' } })
    await sayItArrived({ db: database.db, id })
    expect((await room.mail(id)).state).toBe('sent')
    expect(await room.task(id)).toMatchObject({ state: 'failed', discardReason: 'The mail arrived.' })
    expect(smtp.to(email)).toEqual([])
    await expect(sayItArrived({ db: database.db, id })).rejects.toMatchObject({ code: 'mail.not_ambiguous' })
  })

  it('is sent again, under the same Message-ID, when somebody wants that', async () => {
    const { id, email } = await abandoned()
    await startSender()
    await room.becomes(id, 'ambiguous')
    await sendAgain({ db: database.db, boss: room.boss, id })
    await room.becomes(id, 'sent')
    expect(smtp.to(email).map(({ messageId }) => messageId)).toEqual([(await room.mail(id)).messageId])
  })

  it('may have arrived, too, when it was canceled on its way', async () => {
    const { id, taskId, ownerId } = await room.mail((await abandoned()).id)
    await cancelTask({ db: database.db, boss: room.boss, taskId: taskId!, ownerId })
    expect((await room.mail(id)).state).toBe('ambiguous')
  })

  it('is sent again by itself where that is the policy', async () => {
    const { id, email } = await abandoned()
    await startSender({ MAIL_AMBIGUOUS: 'resend' })
    await room.becomes(id, 'sent')
    expect(smtp.to(email)).toHaveLength(1)
  })

  it('is as unknown when the connection broke after all of it was handed over', async () => {
    smtp.behaviour.beforeAnswer = () => smtp.resetAll()
    await startSender()
    const { id } = await room.queue()
    await room.becomes(id, 'ambiguous')
    expect((await room.mail(id)).response).toMatch(/before the server answered/)
  })
})
