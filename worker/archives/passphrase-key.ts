import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type Identity, type Recipient, Stanza } from 'age-encryption'
import { AppError, PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/archive-errors'

const deriveKey = promisify<string, Buffer, number, object, Buffer>(scrypt)

/** As the `age` command. The derivation takes about a second and 256 MB. */
const WORK_FACTOR = 18
const SALT_BYTES = 16
const TAG_BYTES = 16
const WRAPPED_BYTES = 32

// The recipient type `scrypt` of the format (https://age-encryption.org/v1). That of the package derives the key on the main
// thread, which would miss heartbeats meanwhile.

/** Encrypts a file for a passphrase. */
export const passphraseRecipient = (passphrase: string): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = randomBytes(SALT_BYTES)
    const cipher = createCipheriv('chacha20-poly1305', await derive(passphrase, salt, WORK_FACTOR), NONCE, {
      authTagLength: TAG_BYTES,
    })
    const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
    return [new Stanza(['scrypt', toBase64(salt), String(WORK_FACTOR)], body)]
  },
})

/** Decrypts a file by a passphrase. A header that would need more time or memory than usual is refused. */
export const passphraseIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const stanza = stanzas.find(({ args }) => args[0] === 'scrypt')
    if (!stanza) return null
    const [, encodedSalt = '', factor = ''] = stanza.args
    const salt = Buffer.from(encodedSalt, 'base64')
    const isValid =
      stanzas.length === 1 &&
      stanza.args.length === 3 &&
      /^[1-9]\d?$/.test(factor) &&
      salt.length === SALT_BYTES &&
      stanza.body.length === WRAPPED_BYTES
    if (!isValid) throw new Error('invalid scrypt stanza')
    if (Number(factor) > WORK_FACTOR) throw tooMuchWorkError()
    const decipher = createDecipheriv(
      'chacha20-poly1305',
      await derive(passphrase, salt, Number(factor)),
      NONCE,
      { authTagLength: TAG_BYTES },
    )
    decipher.setAuthTag(stanza.body.subarray(-TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(stanza.body.subarray(0, -TAG_BYTES)), decipher.final()])
    } catch {
      // Another passphrase.
      return null
    }
  },
})

/** A key wraps one file key. */
const NONCE = Buffer.alloc(12)

const derive = (passphrase: string, salt: Buffer, workFactor: number) => {
  const cost = 2 ** workFactor
  const blockSize = 8
  const maxmem = 128 * blockSize * (cost + 1_024)
  const labeled = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt])
  const options = { cost, blockSize, parallelization: 1, maxmem }
  return deriveKey(passphrase, labeled, 32, options).catch((cause: unknown) => {
    throw new AppError({
      code: 'archive.key_failed',
      message: messages.keyFailed(),
      status: 503,
      cause,
    })
  })
}

const tooMuchWorkError = () =>
  new PermanentError({
    code: 'archive.too_much_work',
    message: messages.tooMuchWork({ workFactor: WORK_FACTOR }),
    advice: messages.tooMuchWorkAdvice(),
  })

const toBase64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
