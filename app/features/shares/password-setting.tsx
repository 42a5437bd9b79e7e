import { useId } from 'react'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import * as messages from '@/lib/generated/messages/shares'

interface Props {
  /** When viewers enter it. */
  hint: string
  /** What a password must be, and changes. */
  fieldHint: string
  isNeeded: boolean
  isRequired: boolean
  placeholder?: string
  password: string
  onNeededChange(isNeeded: boolean): void
  onPasswordChange(password: string): void
}

/** Whether a link has a password, and which. */
export function PasswordSetting(props: Props) {
  const id = useId()
  return (
    <>
      <CheckboxField
        label={messages.requirePassword()}
        hint={props.hint}
        isChecked={props.isNeeded}
        onChange={props.onNeededChange}
      />
      {props.isNeeded && (
        <Field id={id} label={messages.password()} hint={props.fieldHint}>
          <Input
            id={id}
            type="text"
            autoComplete="off"
            minLength={8}
            maxLength={200}
            required={props.isRequired}
            placeholder={props.placeholder}
            value={props.password}
            onChange={(event) => props.onPasswordChange(event.target.value)}
          />
        </Field>
      )}
    </>
  )
}
