import { signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { machineOffer } from '@/lib/machines/hosts'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async () => Response.json(await machineOffer(db())))
