import { auth } from '@/lib/accounts/auth'

interface AuthEndpoint {
  path?: string
  options: { method: string | string[]; metadata?: { SERVER_ONLY?: boolean; isAction?: boolean } }
}

/** Lists the endpoints of better-auth and its plugins below /api/auth. Needs DATABASE_URL. */
export const listAuthEndpoints = () =>
  (Object.values(auth().api) as unknown as AuthEndpoint[])
    .filter(({ path, options }) => path && !options.metadata?.SERVER_ONLY)
    .flatMap(({ path, options }) =>
      [options.method].flat().map((method) => ({ method, at: `/api/auth${path!}` })),
    )
