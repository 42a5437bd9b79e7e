import { confirmIdentity } from '@/app/ui/identity-check'

/** Sends a request of better-auth again once the user has confirmed the identity, if it demands that. */
export async function withIdentityCheck<Result extends { error: object | null }>(
  send: () => Promise<Result>,
) {
  const result = await send()
  const isRefused =
    result.error && 'code' in result.error && result.error.code === 'REAUTHENTICATION_REQUIRED'
  return isRefused && (await confirmIdentity()) ? send() : result
}
