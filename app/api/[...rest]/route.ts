import { noSuchPath, withProblems } from '@/app/api/respond'

/** What is not there is told to programs in the same form as everything else. */
const absent = () =>
  withProblems(() => {
    throw noSuchPath()
  })

export { absent as DELETE, absent as GET, absent as PATCH, absent as POST, absent as PUT }
