import { AppError, errorCode, errorMessage } from '@/lib/errors'

const CONNECTION_ERROR_MESSAGES: Record<string, string> = {
  ENOTFOUND: 'The host name does not exist',
  EAI_AGAIN: 'The host name could not be resolved',
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was reset',
  EHOSTUNREACH: 'The host is unreachable',
  ENETUNREACH: 'The network is unreachable',
  EPROTO: 'The TLS handshake failed',
}

/** Explains to a user why an HTTP request has no response. */
export function connectionErrorMessage(error: unknown) {
  const code = errorCode(error)
  if (error instanceof AppError || !code) return errorMessage(error) || 'The connection failed.'
  if (/CERT|SELF_SIGNED/.test(code)) return `The certificate is not trusted (${code}).`
  return `${CONNECTION_ERROR_MESSAGES[code] ?? 'The connection failed'} (${code}).`
}
