import { withProblems } from '@/app/api/respond'
import { AppError } from '@/lib/errors'

/** What is not there is told to programs in the same form as everything else. */
const absent = () =>
  withProblems(() => {
    throw new AppError({
      code: 'request.no_such_path',
      message: 'There is nothing at this path.',
      status: 404,
    })
  })

export { absent as DELETE, absent as GET, absent as PATCH, absent as POST, absent as PUT }
