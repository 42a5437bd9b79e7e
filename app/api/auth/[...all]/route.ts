import { problem } from '@/app/api/respond'
import { auth } from '@/lib/accounts/auth'

export const dynamic = 'force-dynamic'
const handler = (request: Request) => auth().handler(request).catch(problem)
export { handler as GET, handler as POST }
