import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listTags } from '@/lib/videos/tags'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json({ tags: await listTags(db(), user.id) }))
