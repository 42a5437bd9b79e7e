import * as errorMessages from '../generated/messages/machine-errors'
import * as messages from '../generated/messages/machine-host-texts'
import { createStoredTextTranslator } from '../i18n/stored-texts'

/** Translates what a host has reported of itself, its images and its machines. Other texts stay as they are. */
export const translateHostText = createStoredTextTranslator({
  plain: [
    errorMessages.noNetwork,
    messages.noteKvm,
    messages.noteKvmUnconfined,
    messages.noteEmulated,
    messages.noteEmulatedUnconfined,
    messages.noteVirtualMachines,
    messages.noteContainers,
    messages.noteCloud,
    messages.needsLinux,
    messages.outboundUnconfined,
    messages.outboundMissing,
    messages.outboundNoTun,
    messages.outboundGroupUnset,
    messages.imageTiny,
    messages.imageDebian,
    messages.imageDebianUnbuilt,
    messages.imageCustom,
    messages.imageCustomAny,
    messages.imageNeedsX64,
    messages.imageAbsent,
    messages.imageOfCluster,
    messages.imageNotRegular,
    messages.imageEmpty,
    messages.diskFull,
    messages.outboundLost,
    messages.shutDownInside,
    messages.emulatorKilled,
    messages.panic,
    messages.isRunning,
    messages.stoppedUnexpectedly,
    messages.gone,
    messages.serverShutDown,
    messages.creationFailed,
    messages.expired,
    messages.scriptEnded,
    messages.autoStopReached,
    messages.restarted,
    messages.provisioningCanceled,
    messages.foundRunning,
  ],
  withValue: [
    ({ value }) => errorMessages.portOfApp({ port: value }),
    messages.portTaken,
    messages.isolatedGroup,
    messages.noNetwork,
    messages.imageTooLarge,
    messages.imageUnnamed,
    messages.imageFromFile,
    messages.imageState,
    messages.qemuMissing,
    messages.sandboxBroken,
    messages.outboundNoNamespace,
    messages.imageDuplicate,
    messages.emulatorExited,
    messages.panicWithReason,
    messages.fromLostHost,
  ],
})

/** As `translateHostText`, of a text that there may not be. */
export const translateOptionalHostText = (text: string | null) =>
  text === null ? null : translateHostText(text)
