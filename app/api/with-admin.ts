import { pathNotFound, withUser } from './route-handler'

/** A route for administrators. For others there is no such thing. */
export const withAdmin = (answer: Parameters<typeof withUser>[0]) =>
  withUser(async (asked) => {
    if (asked.user.isAdmin) return answer(asked)
    throw pathNotFound()
  })
