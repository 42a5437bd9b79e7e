import * as messages from '@/lib/generated/messages/auth'
import { LabeledInput } from './labeled-input'

interface Props {
  label: string
  name: string
}

/** A password that is being chosen, with the rule that better-auth enforces. */
export const NewPasswordInput = ({ label, name }: Props) => (
  <LabeledInput
    label={label}
    hint={messages.passwordRule()}
    name={name}
    type="password"
    required
    minLength={10}
    autoComplete="new-password"
  />
)
