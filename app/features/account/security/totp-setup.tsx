import { renderSVG } from 'uqr'
import { keepPushOn } from '@/app/features/notifications/push-subscription'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
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
      <p className="text-muted-foreground">
        Scan this code with your authenticator app, or enter the key in it.
      </p>
      {/* White in dark mode too: scanners need dark modules on a light ground. */}
      <img
        src={`data:image/svg+xml,${encodeURIComponent(renderSVG(uri))}`}
        alt="QR code for your authenticator app"
        className="size-44 self-center rounded-md bg-white p-1"
      />
      <code className="text-center font-mono text-sm break-all">{secret}</code>
      <OneFieldForm
        label="Code"
        hint="The six digits that the app shows."
        inputMode="numeric"
        pattern="\d{6}"
        maxLength={6}
        autoComplete="one-time-code"
        submitLabel="Turn on"
        onSubmit={async (code) => {
          const { error } = await keepPushOn(() => authClient.twoFactor.verifyTotp({ code }))
          if (error) return error.message ?? UNKNOWN_ERROR_MESSAGE
          onVerified()
          return null
        }}
      />
    </>
  )
}
