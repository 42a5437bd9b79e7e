import { createDocument } from 'zod-openapi'
import { accountPaths } from './accounts/openapi'
import { archivePaths } from './archives/openapi'
import { auditPaths } from './audit/openapi'
import { captionPaths } from './captions/openapi'
import { folderPaths } from './folders/openapi'
import { healthPaths } from './health/openapi'
import { documentScopes } from './http/openapi-scopes'
import { importPaths } from './imports/openapi'
import { machinePaths } from './machines/openapi'
import { mailPaths } from './mail/openapi'
import { notificationPaths } from './notifications/openapi'
import { clusterPaths } from './cluster/openapi'
import { pushPaths } from './push/openapi'
import { onboardingPaths } from './onboarding/openapi'
import { playlistPaths } from './playlists/openapi'
import { queuePaths } from './queues/openapi'
import { sharePaths } from './shares/openapi'
import { taskEventPaths, taskPaths } from './tasks/openapi'
import { uploadPaths } from './uploads/openapi'
import { userPaths } from './users/openapi'
import { videoPaths } from './videos/openapi'
import { webhookPaths } from './webhooks/openapi'

/** The OpenAPI document of the public API, generated from the schemas that validate requests and responses. */
export const openApiDocument = (serverUrl: string) =>
  createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Meanwhile',
      version: '1',
      description: 'An API key needs the scope that `x-scope` of an operation names, or the scope `all`.',
    },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...documentScopes({
        ...videoPaths,
        ...folderPaths,
        ...playlistPaths,
        ...importPaths,
        ...archivePaths,
        ...sharePaths,
        ...taskPaths,
        ...webhookPaths,
        ...taskEventPaths,
        ...queuePaths,
        ...clusterPaths,
        ...mailPaths,
        ...notificationPaths,
        ...pushPaths,
        ...uploadPaths,
        ...captionPaths,
        ...healthPaths,
        ...onboardingPaths,
        ...accountPaths,
        ...auditPaths,
        ...userPaths,
      }),
      ...documentScopes(machinePaths, 'machines'),
    },
  })
