import { notFound } from '@/lib/errors'
import { signedIn } from './respond'

/** A route for administrators; for everybody else it is not there. */
export const administrator = (answer: Parameters<typeof signedIn>[0]) =>
  signedIn(async (asked) => {
    if (!asked.identity.isAdmin) throw notFound('page')
    return answer(asked)
  })
