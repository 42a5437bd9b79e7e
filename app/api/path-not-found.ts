import * as messages from '@/lib/generated/messages/http-errors'
import { AppError } from '@/lib/errors'

/** For a path that does not exist, and for one that the user may not access. */
export const pathNotFound = () =>
  new AppError({ code: 'request.no_such_path', message: messages.noSuchPath(), status: 404 })
