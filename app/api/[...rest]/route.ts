import { pathNotFound } from '@/app/api/path-not-found'
import { withProblemDetails } from '@/app/http/problem-details'

/** Unknown paths are answered with problem+json like every other error. */
const respondNotFound = () =>
  withProblemDetails(() => {
    throw pathNotFound()
  })

export {
  respondNotFound as DELETE,
  respondNotFound as GET,
  respondNotFound as PATCH,
  respondNotFound as POST,
  respondNotFound as PUT,
}
