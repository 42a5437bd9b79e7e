import * as messages from '@/lib/generated/messages/auth'
import { CheckboxField } from '@/app/ui/checkbox-field'

interface Props {
  isChecked: boolean
  onChange(isChecked: boolean): void
}

/** Offers to revoke all API keys together with the old password. */
export const RevokeKeysField = (props: Props) => (
  <CheckboxField label={messages.revokeKeys()} hint={messages.revokeKeysHint()} {...props} />
)

/** A field of the app's own policy, which the client's types do not list. */
export const revokeApiKeys = (isRequested: boolean) => (isRequested ? { revokeApiKeys: true } : {})
