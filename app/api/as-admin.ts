import { AppError } from '@/lib/errors'
import { signedIn } from './respond'

/** A route for administrators. For others there is no such thing. */
export const asAdmin = (answer: Parameters<typeof signedIn>[0]) =>
  signedIn((asked) => {
    if (asked.identity.isAdmin) return answer(asked)
    throw new AppError({
      code: 'request.no_such_path',
      message: 'There is nothing at this path.',
      status: 404,
    })
  })
