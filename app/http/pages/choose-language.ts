import type { IncomingMessage, ServerResponse } from 'node:http'
import { identify } from '@/lib/accounts/authenticate'
import { formatLocaleCookie } from '@/lib/accounts/language'
import { db } from '@/lib/database/db'
import { isLocale, type Locale } from '@/lib/i18n/locale'
import { forgedRequestError } from '../middleware/csrf'
import { isCrossOrigin } from '../middleware/same-origin'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'

/**
 * `POST /language/<locale>`: the language that a user without an account chooses, by a form that needs no JavaScript. Leads
 * back to the page of the form. A signed-in user, as of a shared link, changes the language of the account.
 */
export const languageHandler: RequestHandler = {
  matches: ({ method, url }) => method === 'POST' && findLocale(url) !== undefined,
  async handle(request, response) {
    // Also without cookies: a page of another site must not choose the language of its visitors.
    if (isCrossOrigin(request.headers)) return sendProblem(response, forgedRequestError())
    try {
      await chooseLanguage(request, response, findLocale(request.url)!)
    } catch (error) {
      await sendProblem(response, error)
    }
  },
}

function findLocale(url = '') {
  const tag = /^\/language\/([a-z]+)$/.exec(url)?.[1]
  return isLocale(tag) ? tag : undefined
}

async function chooseLanguage(request: IncomingMessage, response: ServerResponse, locale: Locale) {
  const user = await identify(toWebHeaders(request))
  if (user?.credential === 'session') await db().user.update({ where: { id: user.id }, data: { locale } })
  response.writeHead(303, {
    location: findReferringPath(request.headers.referer),
    'set-cookie': formatLocaleCookie(locale),
  })
  response.end()
}

/** The path of the page with the form, which is one of the app. A path of two slashes would be another host. */
function findReferringPath(referer = '') {
  if (!URL.canParse(referer)) return '/'
  const { pathname, search } = new URL(referer)
  return `/${pathname.replace(/^[/\\]+/, '')}${search}`
}
