import { config } from '@/lib/config/config'
import { GRANT_SECONDS } from '@/lib/shares/media-grant'

/** The cookie by which the page of a link with a password is reopened without it. */
export const SHARE_COOKIE = 'share'

export function formatShareCookie(token: string, grant: string) {
  const secure = config().publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${SHARE_COOKIE}=${grant}; Path=/s/${token}; Max-Age=${GRANT_SECONDS}; HttpOnly; SameSite=Lax${secure}`
}
