import { Decrypter, Encrypter } from 'age-encryption'
import * as messages from '@/lib/generated/messages/archive-errors'
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
        message: messages.recipientInvalid({ recipient: recipient.slice(0, 20) }),
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
      message: messages.identityInvalid(),
      advice: messages.identityAdvice(),
    })
  }
  return decrypter
}
