import { Decrypter, Encrypter } from 'age-encryption'
import { AppError, PermanentError } from '../errors'

/** Returns an encrypter for public keys of age. @throws {AppError} archive.recipient_invalid */
export function parseRecipients(recipients: readonly string[]) {
  const encrypter = new Encrypter()
  for (const recipient of recipients)
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new AppError({
        code: 'archive.recipient_invalid',
        message: `${recipient.slice(0, 20)}… is not a public key of age.`,
        status: 422,
        cause,
      })
    }
  return encrypter
}

/** Returns a decrypter for a secret key of age. @throws {PermanentError} archive.identity_invalid */
export function parseIdentity(identity: string) {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity)
  } catch {
    // Without a cause, because its message contains the key.
    throw new PermanentError({
      code: 'archive.identity_invalid',
      message: 'This is not a secret key of age. A character may be missing or mistyped.',
      advice: 'Copy the whole line that begins with AGE-SECRET-KEY-1.',
    })
  }
  return decrypter
}
