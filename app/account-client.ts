'use client'

import { apiKeyClient } from '@better-auth/api-key/client'
import { createAuthClient } from 'better-auth/react'

export const account = createAuthClient({ plugins: [apiKeyClient()] })

/** Ends the session and leaves every page that needs one. */
export async function signOut() {
  await account.signOut()
  window.location.assign('/sign-in')
}
