import * as messages from '@/lib/generated/messages/webhook-errors'

/** Explains a response other than 2xx to the owner of the endpoint. */
export const statusMessage = (status: number) =>
  status >= 300 && status < 400
    ? messages.redirected({ status: String(status) })
    : messages.status({ status: String(status) })
