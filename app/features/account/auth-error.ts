import * as messages from '@/lib/generated/messages/auth-errors'
import { unknownError } from '@/lib/generated/messages/auth'

/** The codes of better-auth and its plugins that users may see; its own texts are in English. */
export const messagesByCode: Record<string, () => string> = {
  ACCOUNT_TEMPORARILY_LOCKED: messages.accountTemporarilyLocked,
  AUTH_CANCELLED: messages.passkeyCanceled,
  AUTHENTICATION_FAILED: messages.passkeyRefused,
  CHALLENGE_NOT_FOUND: messages.challengeNotFound,
  CREDENTIAL_ACCOUNT_NOT_FOUND: messages.noPassword,
  EMAIL_ALREADY_VERIFIED: messages.emailAlreadyVerified,
  EMAIL_NOT_VERIFIED: messages.emailNotVerified,
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: messages.passkeyRegistered,
  ERROR_CEREMONY_ABORTED: messages.registrationCanceled,
  FAILED_TO_VERIFY_REGISTRATION: messages.registrationFailed,
  INVALID_BACKUP_CODE: messages.invalidRecoveryCode,
  INVALID_CODE: messages.invalidCode,
  INVALID_EMAIL: messages.invalidEmail,
  INVALID_EMAIL_OR_PASSWORD: messages.wrongCredentials,
  INVALID_PASSWORD: messages.invalidPassword,
  INVALID_TOKEN: messages.invalidToken,
  INVALID_TWO_FACTOR_COOKIE: messages.secondFactorExpired,
  PASSKEY_NOT_FOUND: messages.passkeyNotFound,
  PASSWORD_TOO_LONG: messages.passwordTooLong,
  PASSWORD_TOO_SHORT: messages.passwordTooShort,
  PREVIOUSLY_REGISTERED: messages.passkeyRegistered,
  REGISTRATION_CANCELLED: messages.registrationCanceled,
  SESSION_EXPIRED: messages.sessionExpired,
  TOKEN_EXPIRED: messages.tokenExpired,
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: messages.tooManyCodes,
  TOTP_NOT_ENABLED: messages.totpNotEnabled,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: messages.userExists,
}

interface AuthError {
  code?: string
  message?: string
  status?: number
}

/** Describes an error of the authentication client: in the current language if its code is known, else as the server does. */
export function describeAuthError({ code, message, status }: AuthError) {
  if (status === 429 && !code) return messages.tooManyRequests()
  return messagesByCode[code ?? '']?.() ?? message ?? unknownError()
}
