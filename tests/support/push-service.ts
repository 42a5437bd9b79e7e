import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

interface PushMessage {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A push service like those of browsers, on the address that vitest.config.ts allows. */
export async function startPushService() {
  const received: PushMessage[] = []
  const service = {
    received,
    /** What it responds with. */
    status: 201,
    headers: {} as Record<string, string>,
    url: '',
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body })
      response.writeHead(service.status, service.headers).end('internal secret')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, PUSH_SERVICE_HOST, resolve))
  service.url = `http://${PUSH_SERVICE_HOST}:${(server.address() as AddressInfo).port}`
  return service
}

const PUSH_SERVICE_HOST = '127.0.0.2'

/** The keys of a browser, with which it subscribes and decrypts. */
export function createBrowserKeys() {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  return {
    keys: { p256dh: pair.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
    /** Decrypts a message as a browser does (RFC 8291, RFC 8188). @throws {Error} if it is for another browser */
    decrypt({ body }: PushMessage) {
      const salt = body.subarray(0, 16)
      const keyLength = body.readUInt8(20)
      const serverKey = body.subarray(21, 21 + keyLength)
      const record = body.subarray(21 + keyLength)
      const derive = (key: Buffer, from: Buffer, info: Buffer | string, bytes: number) =>
        Buffer.from(hkdfSync('sha256', key, from, info, bytes))
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), serverKey])
      const input = derive(pair.computeSecret(serverKey), auth, info, 32)
      const cipher = createDecipheriv(
        'aes-128-gcm',
        derive(input, salt, 'Content-Encoding: aes128gcm\0', 16),
        derive(input, salt, 'Content-Encoding: nonce\0', 12),
      )
      cipher.setAuthTag(record.subarray(-16))
      const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString()) as Record<string, unknown>
    },
  }
}

/** Verifies the signature of a message with `publicKey` (RFC 8292). Returns the claims. @throws {Error} if it is wrong */
export function verifyVapid({ headers }: PushMessage, publicKey: string) {
  const [, token, key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '')!
  if (key !== publicKey) throw new Error('signed with another key')
  const [header, claims, signature] = token!.split('.') as [string, string, string]
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isValid = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isValid) throw new Error('wrong signature')
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; exp: number; sub: string }
}
