import { setTimeout as delay } from 'node:timers/promises'

/** Longer than any of these takes on an idle server. */
const STEP_MS = 500

/** Answers that are as fast for an unknown address as for a known one, so that timing reveals no accounts. */
const PATHS = ['/sign-in/email', '/sign-up/email', '/request-password-reset']

/** Responds after a multiple of 500 ms if the duration of the request could reveal whether an account exists. */
export async function withMinimumDuration(request: Request, respond: () => Promise<Response>) {
  const { pathname } = new URL(request.url)
  if (!PATHS.some((path) => pathname.endsWith(`/api/auth${path}`))) return respond()
  const startedAt = performance.now()
  const response = await respond()
  const isSignedIn = response.ok && pathname.endsWith('/sign-in/email')
  if (!isSignedIn && response.status !== 429)
    await delay(STEP_MS - ((performance.now() - startedAt) % STEP_MS))
  return response
}
