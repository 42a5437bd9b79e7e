import type { TestUser } from './accounts'

/** Signs in with the password. Returns the `Cookie` header of the session. @throws {Error} if it is refused */
export async function signIn({ web, user }: { web: { url: string }; user: TestUser }) {
  const response = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: web.url },
    body: JSON.stringify({ email: user.email, password: user.password }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
