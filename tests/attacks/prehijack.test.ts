import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expireAccounts } from '@/lib/accounts/expire-accounts'
import { renderMail } from '@/lib/mail/render'
import { parseMailContent } from '@/lib/mail/content'
import { SmtpMailer } from '@/worker/mail/smtp-mailer'
import { createBrowser } from '@/tests/support/auth-client'
import { useDatabase } from '@/tests/support/database'
import { startSmtpServer } from '@/tests/support/smtp-server'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let unverifiedWeb: Web

beforeAll(async () => {
  const start = (env: Record<string, string>) =>
    startWeb({ databaseUrl: database.url, env: { SIGN_UP: 'open', ...env } })
  ;[web, unverifiedWeb] = await Promise.all([start({ SMTP_URL: 'smtp://127.0.0.1:9' }), start({})])
  await web.createUser('admin@example.com', { isAdmin: true })
})
afterAll(() => Promise.all([web.stop(), unverifiedWeb.stop()]))

const attackerPassword = 'password-of-attacker'
const visit = (at = web) => createBrowser(at, { 'x-forwarded-for': `192.0.2.${++lastAddress}` })
let lastAddress = 0

async function readLink(recipient: string, template: string) {
  const { data } = await database.db.mail.findFirstOrThrow({
    where: { recipient, template },
    orderBy: { createdAt: 'desc' },
  })
  return (data as { href: string }).href
}

const signUp = (browser: ReturnType<typeof visit>, email: string, password = attackerPassword) =>
  browser.post('sign-up/email', { email, password, name: 'Victim' })

describe('an attacker who signs up with the address of a victim', () => {
  it('cannot sign in once the victim opens the link', async () => {
    const email = 'victim1@example.com'
    expect((await signUp(visit(), email)).status).toBe(200)
    const victim = visit()
    const opened = await victim.fetch(await readLink(email, 'verify'))
    expect(opened.headers.get('location')).toMatch(/^\/reset-password\?token=[\w-]+/)
    expect((await visit().signIn({ email, password: attackerPassword })).status).toBe(401)
    const token = new URL(opened.headers.get('location')!, web.url).searchParams.get('token')
    const password = 'password-of-victim'
    expect((await victim.post('reset-password', { token, newPassword: password })).status).toBe(200)
    expect((await victim.signIn({ email, password })).status).toBe(200)
    expect((await visit().signIn({ email, password: attackerPassword })).status).toBe(401)
  })

  it('cannot sign in either when the victim signs up afterwards', async () => {
    const email = 'victim2@example.com'
    await signUp(visit(), email)
    const victim = visit()
    expect((await signUp(victim, email, 'password-of-victim')).status).toBe(200)
    await victim.fetch(await readLink(email, 'verify'))
    expect((await visit().signIn({ email, password: attackerPassword })).status).toBe(401)
  })

  it('cannot sign in once the victim resets the password', async () => {
    const email = 'victim3@example.com'
    await signUp(visit(), email)
    await visit().post('request-password-reset', { email })
    const token = new URL(await readLink(email, 'reset')).pathname.split('/').at(-1)
    const victim = visit()
    const password = 'password-of-victim'
    expect((await victim.post('reset-password', { token, newPassword: password })).status).toBe(200)
    expect((await visit().signIn({ email, password: attackerPassword })).status).toBe(401)
    expect((await victim.signIn({ email, password })).status).toBe(200)
  })

  it('loses a session and keys from before, where addresses are not verified at sign-up', async () => {
    const email = 'victim4@example.com'
    const attacker = visit(unverifiedWeb)
    await signUp(attacker, email)
    expect(await attacker.isSignedIn()).toBe(true)
    const created = await attacker.fetch('/api/v1/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'back door', scopes: ['all'], expiresInDays: null }),
    })
    expect(created.status).toBe(201)
    await visit(unverifiedWeb).fetch(await readLink(email, 'verify'))
    expect(await attacker.isSignedIn()).toBe(false)
    expect(await database.db.apikey.count({ where: { name: 'back door' } })).toBe(0)
  })

  it('does not occupy the address for longer than a week', async () => {
    const email = 'victim5@example.com'
    await signUp(visit(), email)
    const expire = () => expireAccounts({ db: database.db, requiresVerification: true })
    await expire()
    expect(await database.db.user.count({ where: { email } })).toBe(1)
    const createdAt = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000)
    await database.db.user.updateMany({ where: { email }, data: { createdAt } })
    await expire()
    expect(await database.db.user.count({ where: { email } })).toBe(0)
    expect(await database.db.user.count({ where: { email: 'admin@example.com' } })).toBe(1)
  })
})

describe('a user who signs up and opens the link in the same browser', () => {
  it('keeps the password', async () => {
    const email = 'ada@example.com'
    const browser = visit()
    await signUp(browser, email, 'password-of-ada')
    const opened = await browser.fetch(await readLink(email, 'verify'))
    expect(opened.headers.get('location')).toBe('/')
    expect((await visit().signIn({ email, password: 'password-of-ada' })).status).toBe(200)
  })
})

describe('a mail to an address that did not sign up', () => {
  it('carries no link, line break or long text of the sender', async () => {
    const email = 'not-signed-up@example.com'
    const name = `You won!\r\nBcc: all@example.com\nhttps://evil.example/win www.evil.example ${'x'.repeat(2_000)}`
    const password = attackerPassword
    expect((await visit().post('sign-up/email', { email, password, name })).status).toBe(200)
    const mail = await database.db.mail.findFirstOrThrow({ where: { recipient: email } })
    expect(mail.subject).toBe('Verify your email address')
    const { text } = await renderMail(parseMailContent(mail.template, mail.data), web.url)
    const greeting = /Hello “([^”]*)”/.exec(text)![1]!
    expect(greeting.length).toBeLessThanOrEqual(60)
    expect(greeting).not.toMatch(/https?:|www\.|evil\.example|@|[\r\n]/)
    const { name: stored } = await database.db.user.findUniqueOrThrow({ where: { email } })
    expect(stored).toBe(greeting)
  })
})

describe('an attacker between worker and mail server who strips STARTTLS', () => {
  it('sees neither the password nor the mail', async () => {
    const commands: string[] = []
    const server = await startSmtpServer({
      onAuth: ({ username, password }, _session, done) => {
        commands.push(`${username}:${password}`)
        done(null, { user: username })
      },
      disabledCommands: ['STARTTLS'],
    })
    // 0.0.0.0 reaches the server, but is no loopback address.
    const mailer = new SmtpMailer({ url: `smtp://ada:secret@0.0.0.0:${server.port}`, connections: 1 })
    const mail = {
      messageId: '<1@x>',
      from: 'a@example.com',
      to: 'b@example.com',
      subject: '',
      html: '',
      text: '',
    }
    await expect(mailer.send(mail)).rejects.toMatchObject({ reason: 'service' })
    expect(commands).toEqual([])
    expect(server.mails).toEqual([])
    await mailer.close()
    await server.stop()
  })
})
