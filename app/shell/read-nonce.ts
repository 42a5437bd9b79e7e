import { headers } from 'next/headers'
import { NONCE_HEADER } from '@/app/http/middleware/nonce-header'

/** The nonce for inline scripts of the page that is being rendered. */
export const readNonce = async () => (await headers()).get(NONCE_HEADER) ?? undefined
