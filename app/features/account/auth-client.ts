'use client'

import { passkeyClient } from '@better-auth/passkey/client'
import { twoFactorClient } from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

/** For the rare error that comes without a message. */
export const UNKNOWN_ERROR_MESSAGE = 'Something went wrong. Try again.'

export const authClient = createAuthClient({
  plugins: [twoFactorClient(), passkeyClient()],
  fetchOptions: { customFetchImpl: fetchWithErrorMessage },
})

/** Adds the `message` that better-auth's own errors have to problem responses and network failures. */
async function fetchWithErrorMessage(input: string | URL | Request, init?: RequestInit) {
  try {
    const response = await fetch(input, init)
    if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response
    const { code, title } = (await response.json()) as { code: string; title: string }
    return Response.json({ code, message: title }, { status: response.status })
  } catch {
    const message = 'Couldn’t reach the server. Try again in a moment.'
    return Response.json({ message }, { status: 503 })
  }
}
