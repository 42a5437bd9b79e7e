import { toProblemResponse } from '@/app/http/problem-details'
import { auth } from '@/lib/accounts/auth'

export const dynamic = 'force-dynamic'
const handler = (request: Request) => auth().handler(request).catch(toProblemResponse)
export { handler as GET, handler as POST }
