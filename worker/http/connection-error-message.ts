import { AppError, errorCode, errorMessage } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/connection-errors'

const CONNECTION_ERROR_MESSAGES: Record<string, (values: { code: string }) => string> = {
  ENOTFOUND: messages.nameNotFound,
  EAI_AGAIN: messages.nameNotResolved,
  ECONNREFUSED: messages.refused,
  ECONNRESET: messages.reset,
  EHOSTUNREACH: messages.hostUnreachable,
  ENETUNREACH: messages.networkUnreachable,
  EPROTO: messages.tlsFailed,
}

/** Explains to a user why an HTTP request has no response. */
export function connectionErrorMessage(error: unknown) {
  const code = errorCode(error)
  if (error instanceof AppError || !code) return errorMessage(error) || messages.failed()
  if (/CERT|SELF_SIGNED/.test(code)) return messages.certificate({ code })
  return (CONNECTION_ERROR_MESSAGES[code] ?? messages.failedWithCode)({ code })
}
