'use client'

import { apiKeyClient } from '@better-auth/api-key/client'
import { createAuthClient } from 'better-auth/react'

export const account = createAuthClient({ plugins: [apiKeyClient()] })
