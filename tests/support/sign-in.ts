import { createBrowser } from './auth-client'

/** Signs in with the password. Returns the `Cookie` header of the session. @throws {Error} if it is refused */
export async function signIn({
  web,
  user,
  headers,
}: {
  web: { url: string }
  user: { email: string; password: string }
  headers?: Record<string, string>
}) {
  const browser = createBrowser(web, headers)
  const response = await browser.signIn(user)
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  return browser.cookieHeader()
}
