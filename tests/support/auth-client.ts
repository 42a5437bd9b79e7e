/** A browser: keeps cookies between requests, those of each host apart. */
export function createBrowser(web: { url: string }, headers: Record<string, string> = {}) {
  const cookies = new Map<string, string>()
  const jars = new Map([[new URL(web.url).host, cookies]])
  const browser = {
    /** Of the server. */
    cookies,
    cookieHeader: () => formatCookies(cookies),
    async fetch(at: string, init: RequestInit = {}) {
      const url = new URL(at, web.url)
      const jar = jars.get(url.host) ?? new Map<string, string>()
      jars.set(url.host, jar)
      const response = await fetch(url, {
        redirect: 'manual',
        ...init,
        headers: {
          origin: url.origin,
          ...headers,
          ...(jar.size > 0 && { cookie: formatCookies(jar) }),
          ...(init.headers as Record<string, string>),
        },
      })
      for (const line of response.headers.getSetCookie()) storeCookie(jar, line)
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

const formatCookies = (cookies: Map<string, string>) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

function storeCookie(cookies: Map<string, string>, line: string) {
  const [pair = '', ...attributes] = line.split('; ')
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? []
  if (value === '' || attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0'))
    cookies.delete(name)
  else cookies.set(name, value)
}
