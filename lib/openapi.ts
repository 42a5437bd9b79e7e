import { createDocument } from 'zod-openapi'
import { auditPaths } from './audit/openapi'
import { captionPaths } from './captions/openapi'
import { healthPaths } from './health/openapi'
import { machinePaths } from './machines/openapi'
import { mailPaths } from './mail/openapi'
import { queuePaths } from './queues/openapi'
import { taskEventPaths, taskPaths } from './tasks/openapi'
import { videoPaths } from './videos/openapi'
import { webhookPaths } from './webhooks/openapi'

/** The OpenAPI document of the public API, generated from the schemas that validate requests and responses. */
export const openApiDocument = (serverUrl: string) =>
  createDocument({
    openapi: '3.1.0',
    info: { title: 'Meanwhile', version: '1' },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...videoPaths,
      ...taskPaths,
      ...webhookPaths,
      ...taskEventPaths,
      ...machinePaths,
      ...queuePaths,
      ...mailPaths,
      ...captionPaths,
      ...healthPaths,
      ...auditPaths,
    },
  })
