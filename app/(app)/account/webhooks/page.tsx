import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { toldKinds } from '@/lib/webhooks/told-kinds'
import { listEndpoints } from '@/lib/webhooks/endpoints'
import { Webhooks } from './webhooks'

export const metadata = { title: 'Webhooks' }

export default async function WebhooksPage() {
  const { id } = await pageIdentity()
  const { webhooks } = await listEndpoints(db(), id)
  return <Webhooks first={webhooks} kinds={toldKinds()} />
}
