import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { chapterEditSchema } from '@/lib/videos/chapters'
import { replaceChapters } from '@/lib/videos/replace-chapters'
import { getVideo } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

export const PUT = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  const { chapters } = await parseBody(request, chapterEditSchema)
  await replaceChapters({ db: db(), boss: await boss(), ...target, chapters })
  return Response.json(await getVideo(db(), target))
})
