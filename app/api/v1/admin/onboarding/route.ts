import { withAdmin, withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { dismissOnboarding } from '@/lib/onboarding/commands'
import { readOnboardingSteps } from '@/lib/onboarding/queries'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async () => Response.json({ steps: await readOnboardingSteps(db()) }))

// Hides something from the own page: nothing that needs a recent sign-in.
export const DELETE = withUser(
  { scope: 'admin', isAdminOnly: true, isSensitive: false },
  async ({ user }) => {
    await dismissOnboarding(db(), user.id)
    return new Response(null, { status: 204 })
  },
)
