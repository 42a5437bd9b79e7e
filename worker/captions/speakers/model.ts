import type { Model } from '../speech/models'

/**
 * pyannote segmentation 3.0 (MIT) finds where the speaker changes, CAM++ of 3D-Speaker (Apache 2.0) which turns are of the
 * same one. Exported for sherpa-onnx; several public projects pin the same values.
 */
export const SPEAKER_MODEL: Model<'segmentation.onnx' | 'embedding.onnx'> = {
  title: 'speakers',
  folder: 'speakers',
  files: {
    'segmentation.onnx': {
      path: 'csukuangfj/sherpa-onnx-pyannote-segmentation-3-0/resolve/9403a6902bb58e3d5ae8c7e77c3422de279db2e0/model.onnx',
      sizeBytes: 5_992_913,
      sha256: '220ad67ca923bef2fa91f2390c786097bf305bceb5e261d4af67b38e938e1079',
    },
    'embedding.onnx': {
      path: 'csukuangfj/speaker-embedding-models/resolve/0743f301363dec56491a490f6d6cbc9d67f9a3bf/3dspeaker_speech_campplus_sv_zh_en_16k-common_advanced.onnx',
      sizeBytes: 28_281_164,
      sha256: 'aa3cfc16963a10586a9393f5035d6d6b57e98d358b347f80c2a30bf4f00ceba2',
    },
  },
}
