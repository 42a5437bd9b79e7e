import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'

/** A notification that is older is no news: the push service and the task give up. */
export const PUSH_LIFETIME_SECONDS = 24 * 60 * 60

/** Sends one notification to one subscribed browser. */
export const deliverPushTask = defineTaskKind({
  name: 'push.deliver',
  label: messages.sendingPush,
  payload: z.object({ notificationId: z.uuid(), subscriptionId: z.uuid() }),
  isInternal: true,
  queue: {
    concurrency: 16,
    maxAttempts: 14,
    retryDelaySeconds: 5,
    retryDelayMaxSeconds: 60 * 60,
    expireSeconds: 60,
    retentionSeconds: PUSH_LIFETIME_SECONDS,
  },
})
