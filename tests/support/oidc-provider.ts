import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export interface OidcAccount {
  email: string
  email_verified: boolean
  name: string
  groups?: string[]
}

export const OIDC_CLIENT = { id: 'meanwhile', secret: 'secret-of-the-test-client-0123456789' }

/** Starts a real OpenID Connect provider with one client, which signs in the account of the last `use`. */
export async function startOidcProvider() {
  // Until it is opened, the provider is down.
  const server = createServer((request, response) => {
    if (handle) handle(request, response)
    else response.writeHead(503).end()
  })
  let handle: RequestListener | undefined
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accounts = new Map<string, OidcAccount>()
  const state = { accountId: '' }
  const open = (redirectUris: string[]) => {
    const configuration: Configuration = {
      clients: [
        {
          client_id: OIDC_CLIENT.id,
          client_secret: OIDC_CLIENT.secret,
          redirect_uris: redirectUris,
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      features: { devInteractions: { enabled: false } },
      cookies: { keys: ['a-key-of-the-test-provider'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, ...accounts.get(id) }),
      }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    }
    const provider = new Provider(issuer, configuration)
    const callback = provider.callback()
    handle = (request, response) => {
      if (!request.url!.startsWith('/interaction/')) return void callback(request, response)
      void finishInteraction(provider, { request, response, accountId: state.accountId })
    }
  }
  return {
    issuer,
    /** Starts answering, once the redirect URIs of the client are known. */
    open,
    /** The account that signs in next. */
    use(accountId: string, account: OidcAccount) {
      accounts.set(accountId, account)
      state.accountId = accountId
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Interaction = {
  request: Parameters<Provider['interactionDetails']>[0]
  response: Parameters<Provider['interactionDetails']>[1]
  accountId: string
}

/** Signs in and consents, as a user would on the pages of the provider. */
async function finishInteraction(provider: Provider, { request, response, accountId }: Interaction) {
  const { prompt, params } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId } })
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) })
  grant.addOIDCScope('openid email profile')
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
