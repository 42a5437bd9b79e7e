import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { respondInThread } from '@/app/http/threads/respond-in-thread'
import { renameSpeakerSchema } from '@/lib/captions/schema'

export const dynamic = 'force-dynamic'

export const PATCH = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return respondInThread('renameSpeaker', { ...target, ...(await parseBody(request, renameSpeakerSchema)) })
})
