import { pathNotFound } from '@/app/api/path-not-found'
import { withProblemDetails } from '@/app/http/problem-details'

/** What is not there is told to programs in the same form as everything else. */
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
