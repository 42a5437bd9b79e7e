/** A browser: keeps cookies between requests to one server. */
export function createBrowser(web: { url: string }, headers: Record<string, string> = {}) {
  const cookies = new Map<string, string>()
  const browser = {
    cookies,
    cookieHeader: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    async fetch(at: string, init: RequestInit = {}) {
      const response = await fetch(new URL(at, web.url), {
        redirect: 'manual',
        ...init,
        headers: {
          origin: web.url,
          ...headers,
          ...(cookies.size > 0 && { cookie: browser.cookieHeader() }),
          ...(init.headers as Record<string, string>),
        },
      })
      for (const line of response.headers.getSetCookie()) storeCookie(cookies, line)
      return response
    },
    /** Sends JSON to an endpoint of better-auth. */
    post: (at: string, body: object = {}) =>
      browser.fetch(`/api/auth/${at}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    signIn: ({ email, password }: { email: string; password: string }) =>
      browser.post('sign-in/email', { email, password }),
    /** Whether the session is accepted. */
    isSignedIn: async () => (await browser.fetch('/api/v1/tasks')).status === 200,
  }
  return browser
}

export type Browser = ReturnType<typeof createBrowser>

function storeCookie(cookies: Map<string, string>, line: string) {
  const [pair = '', ...attributes] = line.split('; ')
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? []
  if (attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0')) cookies.delete(name)
  else cookies.set(name, value)
}
