import type { IncomingMessage } from 'node:http'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { claimPortToken } from '@/lib/machines/port-token'
import type { RequestHandler } from '../request-handler'
import * as messages from '@/lib/generated/messages/machine-errors'

const COOKIE_NAME = 'meanwhile_page'

/** The origin of guest pages: MACHINE_PAGES_URL, or none of their own. */
const pagesOrigin = () => {
  const { MACHINE_PAGES_URL } = config()
  return MACHINE_PAGES_URL ? new URL(MACHINE_PAGES_URL).origin : null
}

export const hasPagesHost = () => pagesOrigin() !== null
export const isPagesHost = ({ headers }: IncomingMessage) => {
  const origin = pagesOrigin()
  return origin !== null && new URL(origin).host === headers.host
}

/** The address of a guest page, and that of its port in the app, which redirects there. */
export const toPageUrl = (path: string) => `${pagesOrigin() ?? ''}${path}`
export const toAppUrl = (path: string) => new URL(path, config().publicUrl).href

/**
 * Whether the browser that opens a page is the one that opened it first, which gets a cookie for that. The session cookie
 * does not reach the host of the pages.
 * @returns the cookie to set for the first one
 */
export async function claimPage(request: IncomingMessage, { token, base }: { token: string; base: string }) {
  const secret = new RegExp(`(?:^|; *)${COOKIE_NAME}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1]
  const claim = await claimPortToken(db(), token, secret)
  if (!claim) return null
  const isSecure = pagesOrigin()?.startsWith('https:')
  return {
    setCookie: claim.secret
      ? `${COOKIE_NAME}=${claim.secret}; Path=${base}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
      : undefined,
  }
}

/** Serves nothing of the app at the host of guest pages. */
export const rejectAppOnPagesHost: RequestHandler = {
  matches: isPagesHost,
  handle: async (_, response) =>
    void response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(messages.notFound()),
}
