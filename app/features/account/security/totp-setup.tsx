import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { renderSVG } from 'uqr'
import { keepPushOn } from '@/app/features/notifications/push-subscription'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
import { OneFieldForm } from '../one-field-form'

interface Props {
  /** `otpauth://totp/…` */
  uri: string
  onVerified(): void
}

/** Shows the secret for an authenticator app and requests its first code. */
export function TotpSetup({ uri, onVerified }: Props) {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return (
    <>
      <p className="text-muted-foreground">{messages.scanCode()}</p>
      {/* White in dark mode too: scanners need dark modules on a light ground. */}
      <img
        src={`data:image/svg+xml,${encodeURIComponent(renderSVG(uri))}`}
        alt={messages.qrCode()}
        className="size-44 self-center rounded-md bg-white p-1"
      />
      <code className="text-center font-mono text-sm break-all">{secret}</code>
      <OneFieldForm
        label={messages.code()}
        hint={messages.codeHint()}
        inputMode="numeric"
        pattern="\d{6}"
        maxLength={6}
        autoComplete="one-time-code"
        submitLabel={commonMessages.turnOn()}
        onSubmit={async (code) => {
          const { error } = await keepPushOn(() => authClient.twoFactor.verifyTotp({ code }))
          if (error) return describeAuthError(error)
          onVerified()
          return null
        }}
      />
    </>
  )
}
