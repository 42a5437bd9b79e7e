import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { readMachineAvailability } from '@/lib/machines/availability'

export const dynamic = 'force-dynamic'

export const GET = withUser(async () => Response.json(await readMachineAvailability(db())))
