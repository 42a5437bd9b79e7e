import { CheckboxField } from '@/app/ui/checkbox-field'

interface Props {
  isChecked: boolean
  onChange(isChecked: boolean): void
}

/** Offers to revoke all API keys together with the old password. */
export const RevokeKeysField = (props: Props) => (
  <CheckboxField label="Revoke my API keys too" hint="If others may have used your account." {...props} />
)

/** A field of the app's own policy, which the client's types do not list. */
export const revokeApiKeys = (isRequested: boolean) => (isRequested ? { revokeApiKeys: true } : {})
