import { confirmIdentity } from '@/app/ui/identity-check'

/** Sends a request to better-auth. If that is refused for want of a recent confirmation, asks for one and sends it again. */
export async function withIdentityCheck<Result extends { error: object | null }>(
  send: () => Promise<Result>,
) {
  const result = await send()
  const isRefused =
    result.error && 'code' in result.error && result.error.code === 'REAUTHENTICATION_REQUIRED'
  return isRefused && (await confirmIdentity()) ? send() : result
}
