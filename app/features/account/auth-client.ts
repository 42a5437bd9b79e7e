'use client'

import * as messages from '@/lib/generated/messages/auth'
import { passkeyClient } from '@better-auth/passkey/client'
import { twoFactorClient } from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

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
    const message = messages.serverUnreachable()
    return Response.json({ message }, { status: 503 })
  }
}
