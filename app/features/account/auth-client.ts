'use client'

import { apiKeyClient } from '@better-auth/api-key/client'
import { createAuthClient } from 'better-auth/react'

export const authClient = createAuthClient({
  plugins: [apiKeyClient()],
  fetchOptions: { customFetchImpl: fetchWithErrorMessage },
})

/** An answer that is not the account's own, and none at all, have a `message` as all others have. */
async function fetchWithErrorMessage(input: string | URL | Request, init?: RequestInit) {
  try {
    const answer = await fetch(input, init)
    if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) return answer
    const { code, title } = (await answer.json()) as { code: string; title: string }
    return Response.json({ code, message: title }, { status: answer.status })
  } catch {
    const message = 'The server cannot be reached. Try again in a moment.'
    return Response.json({ message }, { status: 503 })
  }
}

/** Ends the session and leaves every page that needs one. */
export async function signOut() {
  await authClient.signOut()
  window.location.assign('/sign-in')
}
