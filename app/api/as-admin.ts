import { noSuchPath, signedIn } from './respond'

/** A route for administrators. For others there is no such thing. */
export const asAdmin = (answer: Parameters<typeof signedIn>[0]) =>
  signedIn(async (asked) => {
    if (asked.identity.isAdmin) return answer(asked)
    throw noSuchPath()
  })
