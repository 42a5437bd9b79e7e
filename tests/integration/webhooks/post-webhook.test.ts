import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { findErrorCause } from '@/lib/tasks/error-fingerprint'
import { type WebhookReceiver, startWebhookReceiver } from '@/tests/support/webhook-receiver'
import { postWebhook } from '@/worker/webhooks/post-webhook'

let receiver: WebhookReceiver
beforeAll(async () => void (receiver = await startWebhookReceiver()))
afterAll(() => receiver.close())
afterEach(() => {
  receiver.received.length = 0
  receiver.respond = (response) => response.end('thanks')
})

const sendPost = (url = receiver.url, timeoutMs?: number) =>
  postWebhook({
    url,
    body: '{}',
    headers: { 'webhook-id': 'one' },
    signal: new AbortController().signal,
    timeoutMs,
  })
const urlWithHost = (name: string) => receiver.url.replace('127.0.0.2', name)

it('returns the status of the response, without its body', async () => {
  expect(await sendPost()).toEqual({ status: 200, retryAfter: undefined })
  expect(receiver.received).toMatchObject([{ path: '/hook', headers: { 'webhook-id': 'one' }, body: '{}' }])
})

it('refuses a host name that resolves to a refused address on every request', async () => {
  for (let n = 0; n < 2; n++)
    await expect(sendPost(urlWithHost('localhost'))).rejects.toMatchObject({
      code: 'webhook.address_refused',
    })
  expect(receiver.received).toEqual([])
})

it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])('refuses %s', async (host) => {
  await expect(sendPost(urlWithHost(host))).rejects.toMatchObject({ code: 'webhook.address_refused' })
})

it('does not follow redirects', async () => {
  receiver.respond = (response) => response.writeHead(302, { location: `${receiver.url}/further` }).end()
  expect((await sendPost()).status).toBe(302)
  expect(receiver.received.map(({ path: at }) => at)).toEqual(['/hook'])
})

it('times out on an endpoint that does not respond', async () => {
  receiver.respond = () => undefined
  await expect(sendPost(receiver.url, 200)).rejects.toThrow('No response within 0.2 s')
  const error: unknown = await runWithLocale('de', () => sendPost(receiver.url, 200)).catch(
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({ message: 'Keine Antwort innerhalb von 0.2 s' })
  // The same in all languages.
  expect(findErrorCause(error)).toBe('connection.no_response')
})

it('closes the connection of an endless response and does not wait for a slow one', async () => {
  let isClosed = false
  receiver.respond = (response) => {
    response.once('close', () => (isClosed = true))
    const writeMore = () => {
      while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
    }
    response.on('drain', writeMore)
    writeMore()
  }
  expect((await sendPost()).status).toBe(200)
  await expect.poll(() => isClosed).toBe(true)
  receiver.respond = (response) => void response.writeHead(200).write('first bytes')
  expect((await sendPost()).status).toBe(200)
})

it('reports a refused connection', async () => {
  const { url, close } = await startWebhookReceiver()
  await close()
  await expect(sendPost(url)).rejects.toThrow('ECONNREFUSED')
})

it('accepts trusted TLS certificates only', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-tls-'))
  const [key, cert] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')]
  const subject = '-subj /CN=test -addext subjectAltName=IP:127.0.0.2'
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -keyout ${key} -out ${cert} ${subject}`
  await promisify(execFile)('openssl', args.split(' '))
  const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  await rm(dir, { recursive: true })
  const secure = await startWebhookReceiver(tls)
  const trusted = getCACertificates('default')
  try {
    await expect(sendPost(secure.url)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    setDefaultCACertificates([...trusted, tls.cert])
    expect((await sendPost(secure.url)).status).toBe(200)
  } finally {
    setDefaultCACertificates(trusted)
    await secure.close()
  }
})
