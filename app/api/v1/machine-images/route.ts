import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { readMachineAvailabilityOf } from '@/lib/machines/availability'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json(await readMachineAvailabilityOf(db(), user.id)))
