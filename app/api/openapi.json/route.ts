import { config } from '@/lib/config/config'
import { openApiDocument } from '@/lib/openapi'

export const dynamic = 'force-dynamic'

export const GET = () => Response.json(openApiDocument(config().publicUrl))
