import path from 'node:path'
import { PRIVATE_RANGES } from '@/lib/http/private-ranges'
import type { ImageCatalog } from './images/image-catalog'
import { findOutboundProblem } from './network/outbound-problem'
import { canAccessKvm, probeAccelerator } from './accelerator'
import { readQemuVersion } from './host-facts'
import { TemplateStore } from './templates/template-store'
import type { QemuSettings } from './qemu-settings'

interface HostResources {
  settings: QemuSettings
  templates: TemplateStore
}

/** Properties of this host that are expensive to determine: loaded on first use and cached. */
export class QemuHost {
  private resources?: Promise<HostResources>
  private isOutboundWorking = false

  constructor(
    private readonly options: {
      isConfined: boolean
      answerMs: number
      blockedRanges?: string[]
      imagesDir: string
      catalog: ImageCatalog
    },
  ) {}

  /** Why machines get no outbound network on this host; null when they do. Only success is cached. */
  async outboundProblem() {
    if (this.isOutboundWorking) return null
    const problem = await findOutboundProblem(this.options)
    this.isOutboundWorking = problem === null
    return problem
  }

  /**
   * Shares one load between concurrent calls. The next call repeats a failed load.
   * @throws {AppError} machine.program_missing, or the error of building the image `tiny`
   */
  getResources() {
    this.resources ??= this.loadResources().catch((error: unknown) => {
      this.resources = undefined
      throw error
    })
    return this.resources
  }

  private async loadResources(): Promise<HostResources> {
    const { isConfined, answerMs, imagesDir, blockedRanges = PRIVATE_RANGES } = this.options
    const qemuVersion = await readQemuVersion()
    const accelerator = await this.findAccelerator(qemuVersion)
    const settings = { qemuVersion, accelerator, isConfined, answerMs, blockedRanges }
    const templates = new TemplateStore(imagesDir, settings)
    await templates.removeAbandonedBuilds()
    return { settings, templates }
  }

  private async findAccelerator(qemuVersion: string) {
    if (!(await canAccessKvm())) return 'tcg'
    const { bootFrom } = await this.options.catalog.tiny.build({ signal: new AbortController().signal })
    if (bootFrom === 'disk') return 'tcg'
    return probeAccelerator({
      file: path.join(this.options.imagesDir, 'accelerator'),
      qemuVersion,
      kernel: bootFrom,
    })
  }
}
