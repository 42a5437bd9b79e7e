import { AppError } from '@/lib/errors'

const CONNECTION_ERROR_MESSAGES: Record<string, string> = {
  ENOTFOUND: 'The name in the address is not known',
  EAI_AGAIN: 'The name in the address could not be looked up',
  ECONNREFUSED: 'Nothing listens at the address',
  ECONNRESET: 'The connection was broken off',
  EHOSTUNREACH: 'There is no way to the address',
  ENETUNREACH: 'There is no way to the address',
  EPROTO: 'It does not speak TLS as it should',
}

/** Why an answer was not one that takes the event, for the owner of the endpoint. */
export const statusMessage = (status: number) =>
  status >= 300 && status < 400
    ? `It answered ${status}: redirects are not followed.`
    : `It answered ${status}.`

/** Why there was no answer, for the owner of the endpoint. */
export function connectionErrorMessage(error: unknown) {
  const { message, code = '' } = error as Error & { code?: string }
  if (error instanceof AppError || !code) return message || 'The connection failed.'
  if (/CERT|SELF_SIGNED/.test(code)) return `Its certificate is not trusted (${code}).`
  return `${CONNECTION_ERROR_MESSAGES[code] ?? 'The connection failed'} (${code}).`
}
