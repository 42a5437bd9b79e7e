import { Encrypter } from 'age-encryption'
import { AppError } from '../errors'

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
