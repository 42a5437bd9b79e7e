import { confirmIdentity } from '@/app/ui/identity-check'

/** Sends a request to better-auth. If that is refused because the last confirmation is too old, shows the dialog and repeats the request. */
export async function withIdentityCheck<Result extends { error: object | null }>(
  send: () => Promise<Result>,
) {
  const result = await send()
  const isRefused =
    result.error && 'code' in result.error && result.error.code === 'REAUTHENTICATION_REQUIRED'
  return isRefused && (await confirmIdentity()) ? send() : result
}
